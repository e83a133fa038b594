import { DateTime } from 'luxon';
import { z } from 'zod';
import { todayIn } from '../../src/definitions/freeze.js';
import { checkWish, previewPlan, proposeChange, requireProposer } from '../../src/definitions/propose.js';
import { assetFor, type DefinitionWish, impactSeenBy } from '../../src/definitions/read-wish.js';
import { presentText } from '../../src/definitions/text.js';
import { InvalidInputError, StewardError } from '../../src/errors.js';
import type { Services } from '../../src/services.js';
import {
  deprecateForm,
  deprecateFormId,
  proposeForm,
  proposeFormId,
} from '../../src/slack/cards/definition-form.js';
import type { Caller, Submission, ViewHandler, ViewState } from '../../src/slack/surface.js';
import { said } from '../said.js';

/** What the form carries beside its fields: never authority, only what it is about. */
const metadata = z.object({ assetId: z.string() }).catch({ assetId: '' });

const deprecationDays = 30;

type Kind = DefinitionWish['kind'];

async function shownFor(services: Services, caller: Caller, assetId: string, kind: Kind) {
  requireProposer(services, caller.person);
  const asset = assetFor(services, caller.person, assetId);
  const today = todayIn(services.config, caller.now);
  return {
    assetId: asset.id,
    name: asset.label ?? asset.name,
    present: presentText(asset),
    impact: impactSeenBy(services, caller.person, asset.id),
    plan: await previewPlan(services, { kind, assetId: asset.id, person: caller.person, now: caller.now }),
    day:
      kind === 'change'
        ? today
        : (DateTime.fromISO(today).plus({ days: deprecationDays }).toISODate() ?? today),
  };
}

/** `/metric propose`, "Propose a change" on an answer. */
export const definitionProposeView: ViewHandler = {
  callbackId: proposeFormId,
  build: async (services, caller, { asset = '' }) =>
    proposeForm(await shownFor(services, caller, asset, 'change')),
  validate: (services, submission) => problemsOf(services, submission, readChange(submission), 'description'),
  submit: (services, submission) => send(services, submission, readChange(submission)),
};

/** `/metric deprecate`. */
export const definitionDeprecateView: ViewHandler = {
  callbackId: deprecateFormId,
  build: async (services, caller, { asset = '' }) =>
    deprecateForm(await shownFor(services, caller, asset, 'deprecate')),
  validate: (services, submission) => problemsOf(services, submission, readDeprecation(submission), 'reason'),
  submit: (services, submission) => send(services, submission, readDeprecation(submission)),
};

export const definitionViews: readonly ViewHandler[] = [definitionProposeView, definitionDeprecateView];

async function problemsOf(
  services: Services,
  { caller }: Submission,
  wish: DefinitionWish,
  otherwise: string,
): Promise<Record<string, string> | null> {
  try {
    await checkWish(services, { wish, person: caller.person, now: caller.now });
    return null;
  } catch (error) {
    if (error instanceof InvalidInputError && Object.keys(error.fields).length > 0) return error.fields;
    if (error instanceof StewardError) return { [otherwise]: error.message };
    throw error;
  }
}

async function send(services: Services, { caller, viewId }: Submission, wish: DefinitionWish) {
  const proposed = await proposeChange(services, {
    wish,
    person: caller.person,
    actor: caller.actor,
    viewId,
    now: caller.now,
  });
  return { reply: said(proposed.text) };
}

function readChange({ state, privateMetadata }: Submission): DefinitionWish {
  return {
    kind: 'change',
    assetId: metadata.parse(parseJson(privateMetadata)).assetId,
    reason: textOf(state, 'reason'),
    wanted: {
      description: textOf(state, 'description'),
      label: textOf(state, 'label'),
      synonyms: linesOf(state, 'synonyms'),
      caveats: linesOf(state, 'caveats'),
    },
    effectiveDate: dayOf(state, 'effective'),
  };
}

function readDeprecation({ state, privateMetadata }: Submission): DefinitionWish {
  return {
    kind: 'deprecate',
    assetId: metadata.parse(parseJson(privateMetadata)).assetId,
    reason: textOf(state, 'reason'),
    successor: textOf(state, 'successor') || null,
    lastDay: dayOf(state, 'last-day'),
  };
}

function textOf(state: ViewState, block: string): string {
  return state[block]?.[block]?.value?.trim() ?? '';
}

function linesOf(state: ViewState, block: string): string[] {
  return textOf(state, block)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function dayOf(state: ViewState, block: string): string {
  return state[block]?.[block]?.selected_date ?? '';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
