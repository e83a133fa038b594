import { DateTime } from 'luxon';
import { z } from 'zod';
import type { PersonRecord, UsergroupRecord } from '../state/records.js';
import { nowSeconds, type World } from '../world.js';
import { knownPerson, page } from './access.js';
import { bool, int, list, text } from './arguments.js';
import { defineMethod } from './define-method.js';
import type { Method, MethodResult } from './method.js';
import { refuse } from './refusal.js';

/** People, user groups, the workspace and the app itself. */

export function userObject(world: World, person: PersonRecord): MethodResult {
  const isAdmin = person.roles.includes('admin');
  const zone = DateTime.fromJSDate(world.clock.now(), { zone: person.tz });
  const foreign = person.team_id !== world.team.id;
  return {
    id: person.id,
    team_id: person.team_id,
    name: person.name,
    deleted: person.deleted,
    ...(person.deleted
      ? {}
      : {
          color: '4bbe2e',
          real_name: person.real_name,
          tz: person.tz,
          tz_label: zone.isValid ? (zone.offsetNameLong ?? person.tz) : person.tz,
          tz_offset: zone.isValid ? zone.offset * 60 : 0,
          is_admin: isAdmin,
          is_owner: false,
          is_primary_owner: false,
          is_restricted: person.is_guest,
          is_ultra_restricted: false,
        }),
    is_bot: person.is_bot,
    is_app_user: false,
    ...(foreign ? { is_stranger: true } : {}),
    updated: nowSeconds(world),
    who_can_share_contact_card: 'EVERYONE',
    profile: {
      title: person.title,
      phone: '',
      skype: '',
      real_name: person.real_name,
      real_name_normalized: person.real_name,
      display_name: person.name,
      display_name_normalized: person.name,
      status_text: person.status_text,
      status_emoji: person.status_emoji,
      status_expiration: 0,
      ...(world.scopes.has('users:read.email') && !person.is_bot ? { email: person.email } : {}),
      ...(person.is_bot ? { bot_id: world.app.bot_id, api_app_id: world.app.id, always_active: true } : {}),
      team: person.team_id,
      avatar_hash: 'playground',
      image_48: `${world.origin()}/_play/avatar?id=${person.id}`,
      image_72: `${world.origin()}/_play/avatar?id=${person.id}`,
    },
  };
}

function groupObject(world: World, group: UsergroupRecord, withUsers: boolean): MethodResult {
  return {
    id: group.id,
    team_id: world.team.id,
    is_usergroup: true,
    is_subteam: true,
    name: group.name,
    description: group.description,
    handle: group.handle,
    is_external: false,
    auto_type: null,
    date_create: group.created,
    date_update: group.created,
    date_delete: group.date_delete,
    auto_provision: false,
    created_by: world.app.bot_user_id,
    updated_by: world.app.bot_user_id,
    deleted_by: null,
    prefs: { channels: [], groups: [] },
    user_count: group.users.length,
    ...(withUsers ? { users: group.users } : {}),
  };
}

function knownGroup(world: World, id: string): UsergroupRecord {
  const group = world.state.usergroups.get(id);
  if (group === undefined) refuse('no_such_subteam');
  return group;
}

async function groupChanged(world: World, group: UsergroupRecord): Promise<void> {
  world.state.usergroups.put(group.id, group);
  await world.delivery.event('subteam_updated', {
    type: 'subteam_updated',
    subteam: groupObject(world, group, true),
    event_ts: world.messages.nextTs(),
  });
}

export const peopleMethods: Method[] = [
  defineMethod({
    name: 'users.info',
    tier: 't4',
    scopes: ['users:read'],
    refusals: ['user_not_found'],
    args: z.strictObject({ user: text, include_locale: bool.optional() }),
    missing: { user: 'user_not_found' },
    run: (world, args) => ({ user: userObject(world, knownPerson(world, args.user)) }),
  }),
  defineMethod({
    name: 'users.list',
    tier: 't2',
    scopes: ['users:read'],
    refusals: ['invalid_cursor', 'invalid_limit'],
    args: z.strictObject({
      limit: int.optional(),
      cursor: text.optional(),
      include_locale: bool.optional(),
    }),
    run: (world, args) => {
      const { items, next } = page(world.state.people.values(), args.limit, args.cursor);
      return {
        members: items.map((p) => userObject(world, p)),
        cache_ts: nowSeconds(world),
        response_metadata: { next_cursor: next },
      };
    },
  }),
  defineMethod({
    name: 'users.lookupByEmail',
    tier: 't3',
    scopes: ['users:read.email'],
    refusals: ['users_not_found'],
    args: z.strictObject({ email: text }),
    missing: { email: 'users_not_found' },
    run: (world, args) => {
      const wanted = args.email.toLowerCase();
      const person = world.state.people
        .values()
        .find((p) => p.email.toLowerCase() === wanted && !p.deleted && !p.is_bot);
      if (person === undefined) refuse('users_not_found');
      return { user: userObject(world, person) };
    },
  }),
  defineMethod({
    name: 'users.getPresence',
    tier: 't3',
    scopes: ['users:read'],
    refusals: ['user_not_found'],
    args: z.strictObject({ user: text }),
    run: (world, args) => {
      knownPerson(world, args.user);
      return { presence: 'active', online: true };
    },
  }),
  defineMethod({
    name: 'users.profile.get',
    tier: 't4',
    scopes: ['users.profile:read'],
    refusals: ['user_not_found'],
    args: z.strictObject({ user: text.optional(), include_labels: bool.optional() }),
    run: (world, args) => ({
      profile: userObject(world, knownPerson(world, args.user ?? world.app.bot_user_id)).profile,
    }),
  }),
  defineMethod({
    name: 'usergroups.list',
    tier: 't2',
    scopes: ['usergroups:read'],
    args: z.strictObject({
      include_count: bool.optional(),
      include_disabled: bool.optional(),
      include_users: bool.optional(),
    }),
    run: (world, args) => ({
      usergroups: world.state.usergroups
        .values()
        .filter((g) => args.include_disabled === true || g.date_delete === 0)
        .map((g) => groupObject(world, g, args.include_users === true)),
    }),
  }),
  defineMethod({
    name: 'usergroups.create',
    tier: 't2',
    scopes: ['usergroups:write'],
    refusals: ['name_already_exists', 'handle_already_exists'],
    args: z.strictObject({
      name: text,
      handle: text.optional(),
      description: text.optional(),
      channels: list.optional(),
      include_count: bool.optional(),
    }),
    run: async (world, args) => {
      const all = world.state.usergroups.values();
      if (all.some((g) => g.name === args.name)) refuse('name_already_exists');
      const handle = args.handle ?? args.name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
      if (all.some((g) => g.handle === handle)) refuse('handle_already_exists');
      const group: UsergroupRecord = {
        id: world.state.nextId('S'),
        handle,
        name: args.name,
        description: args.description ?? '',
        users: [],
        date_delete: 0,
        created: nowSeconds(world),
      };
      world.state.usergroups.put(group.id, group);
      await world.delivery.event('subteam_created', {
        type: 'subteam_created',
        subteam: groupObject(world, group, true),
        event_ts: world.messages.nextTs(),
      });
      return { usergroup: groupObject(world, group, false) };
    },
  }),
  defineMethod({
    name: 'usergroups.update',
    tier: 't2',
    scopes: ['usergroups:write'],
    refusals: ['no_such_subteam', 'handle_already_exists', 'name_already_exists'],
    args: z.strictObject({
      usergroup: text,
      name: text.optional(),
      handle: text.optional(),
      description: text.optional(),
      channels: list.optional(),
      include_count: bool.optional(),
    }),
    run: async (world, args) => {
      const group = knownGroup(world, args.usergroup);
      const others = world.state.usergroups.values().filter((g) => g.id !== group.id);
      if (others.some((g) => g.handle === args.handle)) refuse('handle_already_exists');
      if (others.some((g) => g.name === args.name)) refuse('name_already_exists');
      group.name = args.name ?? group.name;
      group.handle = args.handle ?? group.handle;
      group.description = args.description ?? group.description;
      await groupChanged(world, group);
      return { usergroup: groupObject(world, group, false) };
    },
  }),
  ...(['enable', 'disable'] as const).map((what) =>
    defineMethod({
      name: `usergroups.${what}`,
      tier: 't2',
      scopes: ['usergroups:write'],
      refusals: ['no_such_subteam'],
      args: z.strictObject({ usergroup: text, include_count: bool.optional() }),
      run: async (world, args) => {
        const group = knownGroup(world, args.usergroup);
        group.date_delete = what === 'enable' ? 0 : nowSeconds(world);
        await groupChanged(world, group);
        return { usergroup: groupObject(world, group, true) };
      },
    }),
  ),
  defineMethod({
    name: 'usergroups.users.list',
    tier: 't2',
    scopes: ['usergroups:read'],
    refusals: ['no_such_subteam'],
    args: z.strictObject({ usergroup: text, include_disabled: bool.optional() }),
    run: (world, args) => ({ users: knownGroup(world, args.usergroup).users }),
  }),
  defineMethod({
    name: 'usergroups.users.update',
    tier: 't2',
    scopes: ['usergroups:write'],
    refusals: ['no_such_subteam', 'invalid_users', 'no_users_provided'],
    args: z.strictObject({
      usergroup: text,
      users: list,
      include_count: bool.optional(),
      additional_channels: list.optional(),
      is_shared: bool.optional(),
    }),
    missing: { users: 'no_users_provided' },
    run: async (world, args) => {
      const group = knownGroup(world, args.usergroup);
      if (args.users.length === 0) refuse('no_users_provided');
      if (args.users.some((id) => world.state.people.get(id) === undefined)) refuse('invalid_users');
      const added = args.users.filter((id) => !group.users.includes(id));
      const removed = group.users.filter((id) => !args.users.includes(id));
      group.users = [...new Set(args.users)];
      world.state.usergroups.put(group.id, group);
      await world.delivery.event('subteam_members_changed', {
        type: 'subteam_members_changed',
        subteam_id: group.id,
        team_id: world.team.id,
        date_previous_update: group.created,
        date_update: nowSeconds(world),
        added_users: added,
        added_users_count: added.length,
        removed_users: removed,
        removed_users_count: removed.length,
        event_ts: world.messages.nextTs(),
      });
      return { usergroup: groupObject(world, group, true) };
    },
  }),
  defineMethod({
    name: 'team.info',
    tier: 't3',
    scopes: ['team:read'],
    args: z.strictObject({ team: text.optional(), domain: text.optional() }),
    run: (world) => ({ team: { ...world.team, email_domain: '', url: `${world.origin()}/` } }),
  }),
  defineMethod({
    name: 'bots.info',
    tier: 't3',
    scopes: ['users:read'],
    refusals: ['bot_not_found'],
    args: z.strictObject({ bot: text.optional() }),
    run: (world, args) => {
      if (args.bot !== undefined && args.bot !== world.app.bot_id) refuse('bot_not_found');
      return {
        bot: {
          id: world.app.bot_id,
          deleted: false,
          name: world.app.name,
          app_id: world.app.id,
          user_id: world.app.bot_user_id,
        },
      };
    },
  }),
  defineMethod({
    name: 'auth.test',
    tier: 'special',
    args: z.strictObject({}),
    run: (world) => ({
      url: `${world.origin()}/`,
      team: world.team.name,
      user: world.state.people.get(world.app.bot_user_id)?.name ?? world.app.name,
      team_id: world.team.id,
      user_id: world.app.bot_user_id,
      bot_id: world.app.bot_id,
      is_enterprise_install: false,
    }),
  }),
  defineMethod({
    name: 'api.test',
    tier: 't4',
    token: 'none',
    args: z.looseObject({}),
    run: (_world, args) => ({ args }),
  }),
];
