import { z } from 'zod';
import type { JsonObject } from '../protocol.js';
import type { ViewRecord } from '../state/records.js';
import {
  popViews,
  publishHome,
  pushView,
  replaceView,
  viewObject,
  viewStackMax,
  viewsOf,
} from '../view-stack.js';
import type { World } from '../world.js';
import { object, text } from './arguments.js';
import { checkedView } from './content.js';
import { defineMethod } from './define-method.js';
import type { Method } from './method.js';
import { refuse } from './refusal.js';

/** Modals and Home. Triggers are spent even by a call that is refused afterwards, as in Slack. */

function openedBy(world: World, triggerId: string): { user: string; fromView: boolean } {
  const trigger = world.triggers.use(triggerId);
  return typeof trigger === 'string'
    ? refuse(trigger === 'invalid_trigger_id' ? 'invalid_trigger_id' : trigger)
    : trigger;
}

function checkExternalId(world: World, view: JsonObject, except?: ViewRecord): void {
  const { external_id: externalId } = view;
  if (typeof externalId !== 'string' || externalId === '') return;
  const taken = world.state.views
    .values()
    .some((other) => other.external_id === externalId && other.id !== except?.id);
  if (taken) refuse('duplicate_external_id');
}

/** The view was closed without its app asking: told where it asked to be told. */
export function notifyClosed(world: World, views: ViewRecord[], isCleared: boolean): void {
  for (const view of views) {
    if (!view.notify_on_close) continue;
    const person = world.state.people.get(view.user);
    void world.delivery.interact('interactive', {
      type: 'view_closed',
      team: { id: world.team.id, domain: world.team.domain },
      user: { id: view.user, username: person?.name, name: person?.name, team_id: person?.team_id },
      api_app_id: world.app.id,
      token: 'playground-verification-token',
      view: viewObject(world, view),
      is_cleared: isCleared,
      is_enterprise_install: false,
      enterprise: null,
    });
  }
}

const triggerArguments = {
  trigger_id: text.optional(),
  interactivity_pointer: text.optional(),
  view: object,
};

export const viewMethods: Method[] = [
  defineMethod({
    name: 'views.open',
    tier: 't4',
    refusals: [
      'expired_trigger_id',
      'exchanged_trigger_id',
      'invalid_trigger_id',
      'duplicate_external_id',
      'view_too_large',
      'invalid_arguments',
    ],
    args: z.strictObject(triggerArguments),
    run: (world, args) => {
      const { user } = openedBy(world, args.trigger_id ?? args.interactivity_pointer ?? '');
      const view = checkedView(world, args.view);
      if (view.type !== 'modal') refuse('invalid_arguments', '[ERROR] view.type must be modal');
      checkExternalId(world, view);
      const before = viewsOf(world, user);
      if (before.length > 0) notifyClosed(world, popViews(world, user, before.length), true);
      return { view: viewObject(world, pushView(world, user, view)) };
    },
  }),
  defineMethod({
    name: 'views.push',
    tier: 't4',
    refusals: [
      'push_limit_reached',
      'expired_trigger_id',
      'exchanged_trigger_id',
      'invalid_trigger_id',
      'invalid_arguments',
    ],
    args: z.strictObject(triggerArguments),
    run: (world, args) => {
      const { user, fromView } = openedBy(world, args.trigger_id ?? args.interactivity_pointer ?? '');
      const stack = viewsOf(world, user);
      if (!fromView || stack.length === 0)
        refuse('invalid_trigger_id', '[ERROR] views.push needs a trigger from an open modal');
      if (stack.length >= viewStackMax) refuse('push_limit_reached');
      const view = checkedView(world, args.view);
      if (view.type !== 'modal') refuse('invalid_arguments', '[ERROR] view.type must be modal');
      checkExternalId(world, view);
      return { view: viewObject(world, pushView(world, user, view)) };
    },
  }),
  defineMethod({
    name: 'views.update',
    tier: 't4',
    refusals: ['not_found', 'hash_conflict', 'view_too_large', 'duplicate_external_id', 'invalid_arguments'],
    args: z.strictObject({
      view_id: text.optional(),
      external_id: text.optional(),
      hash: text.optional(),
      view: object,
    }),
    run: (world, args) => {
      const { view_id: viewId, external_id: externalId } = args;
      if ((viewId === undefined) === (externalId === undefined))
        refuse('invalid_arguments', '[ERROR] give view_id or external_id');
      const record =
        viewId === undefined
          ? world.state.views.values().find((v) => v.external_id === externalId)
          : world.state.views.get(viewId);
      if (record === undefined) refuse('not_found');
      if (args.hash !== undefined && args.hash !== record.hash) refuse('hash_conflict');
      const view = checkedView(world, args.view);
      if (view.type !== record.type) refuse('invalid_arguments', `[ERROR] view.type must be ${record.type}`);
      checkExternalId(world, view, record);
      replaceView(world, record, view);
      return { view: viewObject(world, record) };
    },
  }),
  defineMethod({
    name: 'views.publish',
    tier: 't4',
    refusals: ['user_not_found', 'hash_conflict', 'not_enabled', 'view_too_large', 'invalid_arguments'],
    args: z.strictObject({ user_id: text, view: object, hash: text.optional() }),
    run: (world, args) => {
      if (world.manifest.features?.app_home?.home_tab_enabled !== true) refuse('not_enabled');
      if (world.state.people.get(args.user_id) === undefined) refuse('user_not_found');
      const known = world.state.views.get(world.state.homes.get(args.user_id) ?? '');
      if (args.hash !== undefined && args.hash !== known?.hash) refuse('hash_conflict');
      const view = checkedView(world, args.view);
      if (view.type !== 'home') refuse('invalid_arguments', '[ERROR] view.type must be home');
      return { view: viewObject(world, publishHome(world, args.user_id, view)) };
    },
  }),
];
