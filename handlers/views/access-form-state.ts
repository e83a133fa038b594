import { z } from 'zod';
import type { RequestAccess } from '../../src/access/request-access.js';
import { type AccessLevel, accessLevels } from '../../src/access/tables.js';
import { parseDurationMs } from '../../src/config/schema-values.js';
import { InvalidInputError } from '../../src/errors.js';
import type { Person } from '../../src/people/person.js';
import type { Services } from '../../src/services.js';
import type { Caller, ViewState, ViewStateValue } from '../../src/slack/surface.js';

/** What the request form holds at a moment. Everything in it is untrusted: ids are looked up, levels and durations are checked. */
export interface AccessFormState {
  datasetId: string | null;
  moreIds: string[];
  level: AccessLevel | null;
  columns: string[];
  durationMs: number | null;
  reason: string;
  purposeId: string | null;
  terms: boolean;
  ticket: string;
  forSlackId: string | null;
  /** Person id of a service account. */
  forServiceId: string | null;
  startsAt: Date | null;
  endsAt: Date | null;
  /** Inputs that carry what no form of Steward's offers: what was meant by it is not guessed. */
  foreign: string[];
}

const uuid = z.uuid();

export function readFormState(state: ViewState): AccessFormState {
  const at = (block: string, action: string): ViewStateValue | undefined => state[block]?.[action];
  const option = (block: string): string | null =>
    at(block, `access:${block}`)?.selected_option?.value ?? null;
  const options = (block: string, action = `access:${block}`): string[] =>
    at(block, action)?.selected_options?.map((item) => item.value) ?? [];
  const date = (block: string): Date | null => {
    const seconds = at(block, `access:${block}`)?.selected_date_time;
    return seconds ? new Date(seconds * 1000) : null;
  };
  const read = {
    dataset: uuid.safeParse(option('dataset')).data ?? null,
    level: accessLevels.find((item) => item === option('level')) ?? null,
    duration: durationOf(option('duration')),
    'for-service': uuid.safeParse(option('for-service')).data ?? null,
  };
  return {
    foreign: Object.entries(read).flatMap(([block, value]) =>
      value === null && option(block) !== null ? [block] : [],
    ),
    datasetId: read.dataset,
    moreIds: options('more-datasets'),
    level: read.level,
    columns: options('columns'),
    durationMs: read.duration,
    reason: at('reason', 'access:reason')?.value?.trim() ?? '',
    purposeId: option('purpose'),
    terms: options('terms').includes('accepted'),
    ticket: at('ticket', 'access:ticket')?.value?.trim() ?? '',
    forSlackId: at('for', 'access:for')?.selected_user ?? null,
    forServiceId: read['for-service'],
    startsAt: date('start'),
    endsAt: date('end'),
  };
}

function durationOf(text: string | null): number | null {
  if (text === null) return null;
  try {
    return parseDurationMs(text);
  } catch {
    return null;
  }
}

export const defaultDurationMs = 7 * 86_400_000;

/** `7d`, `12h`, `30m`: what an option of the form carries. */
export function shortDuration(ms: number): string {
  if (ms % 86_400_000 === 0) return `${ms / 86_400_000}d`;
  if (ms % 3_600_000 === 0) return `${ms / 3_600_000}h`;
  return `${Math.round(ms / 60_000)}m`;
}

/** The wish that a filled form means. */
export async function wishOf(
  services: Services,
  caller: Caller,
  state: AccessFormState,
  params: { level: AccessLevel; viewId: string | null },
): Promise<RequestAccess> {
  if (state.foreign.length > 0) {
    throw new InvalidInputError(
      `The form carries a choice that it does not offer (${state.foreign.join(', ')}). Nothing was requested. Open the form again.`,
      Object.fromEntries(
        state.foreign.map((block) => [block, 'The form does not offer this. Choose again.']),
      ),
    );
  }
  if (state.forSlackId && state.forServiceId) {
    throw new InvalidInputError(
      'Ask for a colleague or for a service account, one at a time. Nothing was requested.',
      {
        'for-service': 'Choose a colleague or a service account, not both.',
      },
    );
  }
  const forPerson = await beneficiaryOf(services, state);
  const forSomebody = state.forSlackId !== null || state.forServiceId !== null;
  return {
    person: caller.person,
    actor: caller.actor,
    assetIds: [...(state.datasetId ? [state.datasetId] : []), ...state.moreIds],
    level: params.level,
    columns: state.columns,
    reason: state.reason === '' ? null : state.reason,
    durationMs: state.durationMs ?? defaultDurationMs,
    viewId: params.viewId,
    now: caller.now,
    ...(state.ticket === '' ? {} : { ticket: state.ticket }),
    ...(state.purposeId === null ? {} : { purposeId: state.purposeId }),
    termsAccepted: state.terms,
    ...(state.startsAt ? { startsAt: state.startsAt } : {}),
    ...(state.endsAt ? { endsAt: state.endsAt } : {}),
    // Somebody Steward does not know is refused by the domain, not silently replaced by the asker.
    ...(forSomebody ? { forPersonId: forPerson?.id ?? '00000000-0000-0000-0000-000000000000' } : {}),
  };
}

/** Whom the form names; null for oneself, and for somebody Steward does not know. */
export async function beneficiaryOf(
  services: Services,
  state: Pick<AccessFormState, 'forSlackId' | 'forServiceId'>,
): Promise<Person | null> {
  if (state.forServiceId) return services.directory.byId(services.db, state.forServiceId);
  return state.forSlackId ? services.directory.bySlackId(services.db, state.forSlackId) : null;
}
