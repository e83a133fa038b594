import type { Trx } from '../db/database.js';
import type { Services } from '../services.js';
import { postReview, setUpChannel } from './announce.js';
import { writeNotices } from './blast/store.js';
import { type ActOn, auditIncident } from './change.js';
import { wantNewChannel } from './channel.js';
import { type Incident, referenceOf } from './incident.js';
import { postEverywhereElse } from './outgoing-hooks.js';
import { endPages } from './paging.js';
import { wantDraft } from './report/draft.js';
import { fireRules } from './rules/fire.js';
import type { IncidentState } from './tables.js';
import { addEntry } from './timeline.js';
import { replan } from './timers.js';
import { isLive, requireTransition } from './transitions.js';

type Patch = Partial<
  Pick<
    Incident,
    | 'acknowledged_at'
    | 'identified_at'
    | 'mitigated_at'
    | 'resolved_at'
    | 'closed_at'
    | 'declared_at'
    | 'cause'
    | 'fixed_by'
    | 'state_reason'
    | 'merged_into'
  >
>;

/** Moves an incident whose row is locked; what it brings with it (banners, clocks, rules) happens here and nowhere else. */
export async function move(
  services: Services,
  trx: Trx,
  incident: Incident,
  to: IncidentState,
  act: Pick<ActOn, 'actor' | 'now'>,
  patch: Patch = {},
  words?: string,
): Promise<Incident> {
  requireTransition(referenceOf(incident), incident.state, to);
  const { now } = act;
  // Where a fix did not hold, its time is none: what is healthy is counted from the next one.
  const undone = wasFixed(incident.state) && isUnfixed(to) ? { mitigated_at: null } : {};
  const moved = await trx
    .updateTable('incident')
    .set({ state: to, updated_at: now, healthy_since: null, state_reason: null, ...undone, ...patch })
    .where('id', '=', incident.id)
    .where('state', '=', incident.state)
    .returningAll()
    .executeTakeFirstOrThrow();
  const reason = patch.state_reason ?? null;
  await addEntry(trx, {
    incidentId: incident.id,
    at: now,
    kind: 'state',
    text: words ?? `${incident.state} → ${to}${reason === null ? '' : `: ${reason}`}`,
    actorId: act.actor.personId,
    data: { from: incident.state, to },
    now,
  });
  await auditIncident(trx, act, incident, `incident.${to}`, {
    before: { state: incident.state },
    after: { state: to },
    ...(reason === null ? {} : { text: { reason } }),
  });
  await writeNotices(trx, moved, now);
  await replan(services, trx, moved, now);
  if (!isLive(to)) await endPages(trx, moved, now);
  // What is public goes on in its announcement where its channel was lost; what is private has nowhere else.
  const lostItsOnly = moved.private && moved.channel_state === 'gone' && !isLive(incident.state);
  if (isLive(to) && (moved.channel_state === 'archived' || lostItsOnly))
    await wantNewChannel(trx, moved, now, `state-${to}`);
  if (moved.channel_state === 'ready') await setUpChannel(trx, moved.id, now, `state-${to}`);
  if (to === 'resolved' || to === 'closed') await wantDraft(trx, moved, now);
  if (to === 'closed' && !moved.drill) await postReview(services, trx, moved, now);
  await fireRules(services, trx, moved, 'status', `${to}:${now.getTime()}`, now);
  await postEverywhereElse(services, trx, moved, to, now);
  return moved;
}

function wasFixed(state: IncidentState): boolean {
  return state === 'monitoring' || state === 'resolved' || state === 'closed';
}

function isUnfixed(state: IncidentState): boolean {
  return state === 'investigating' || state === 'identified';
}
