import type { Trx } from '../db/database.js';
import { refreshCards } from '../jobs/outgoing.js';
import type { Services } from '../services.js';
import { setUpChannel } from './announce.js';
import { incidentCard } from './change.js';
import type { Incident } from './incident.js';
import { referenceOf } from './incident.js';
import { addEntry } from './timeline.js';
import { isLive } from './transitions.js';

/** Slack's longest channel name. */
export const maxChannelName = 80;

/**
 * A name Slack takes: lower case letters, digits, hyphen and underscore, at most 80. The number is always in it, so that two incidents
 * never share one; what is cut is the words. `attempt` counts names that were taken.
 */
export function channelName(
  template: string,
  incident: Pick<Incident, 'number' | 'title' | 'severity'> & {
    declared_at?: Date | null;
    private?: boolean;
  },
  attempt = 0,
): string {
  const date = (incident.declared_at ?? new Date(0)).toISOString().slice(0, 10).replaceAll('-', '');
  const slug = incident.private ? 'private' : fold(incident.title).slice(0, 50);
  const filled = template
    .replaceAll('{number}', String(incident.number))
    .replaceAll('{slug}', slug)
    .replaceAll('{severity}', fold(incident.severity))
    .replaceAll('{date}', date);
  const named = filled.includes(String(incident.number))
    ? fold(filled)
    : `${fold(filled)}-${incident.number}`;
  const suffix = attempt === 0 ? '' : `-${attempt + 1}`;
  const cut = named.slice(0, maxChannelName - suffix.length).replace(/[-_]+$/, '');
  return `${cut === '' || !cut.includes(String(incident.number)) ? `inc-${incident.number}` : cut}${suffix}`;
}

function fold(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^a-z0-9_]+/g, '-')
    .replaceAll(/-{2,}/g, '-')
    .replace(/^-+|-+$/g, '');
}

/** Archived by us when all is over: what was said stays readable, its messages are brought up to date no more. */
export async function channelArchived(trx: Trx, incident: Incident, now: Date): Promise<void> {
  await trx
    .updateTable('incident')
    .set({ channel_state: 'archived', updated_at: now })
    .where('id', '=', incident.id)
    .execute();
  await trx
    .updateTable('slack_message')
    .set({ state: 'gone', gone_reason: 'the channel is archived' })
    .where('channel_id', '=', incident.channel_id)
    .where('card_kind', '=', incidentCard)
    .execute();
}

/** A new channel, with everybody in it again: an app cannot bring an archived one back. */
export async function wantNewChannel(trx: Trx, incident: Incident, now: Date, why: string): Promise<void> {
  await trx
    .updateTable('incident_member')
    .set({ invited_at: null, invite_error: null })
    .where('incident_id', '=', incident.id)
    .execute();
  await trx
    .updateTable('incident')
    .set({ channel_state: 'wanted', channel_id: null, channel_name: null, updated_at: now })
    .where('id', '=', incident.id)
    .execute();
  await setUpChannel(trx, incident.id, now, why);
}

/**
 * The channel of this incident is no more: it goes on in its announcement, where everybody can see it. A private one has none: it gets a
 * new channel, or its people would hear nothing more.
 */
async function goOn(trx: Trx, incident: Incident, now: Date, why: string): Promise<void> {
  const anew = incident.private && isLive(incident.state);
  if (anew) await wantNewChannel(trx, incident, now, 'lost');
  await addEntry(trx, {
    incidentId: incident.id,
    at: now,
    kind: 'state',
    text: `${why}. ${anew ? 'It gets a new one' : 'It goes on in its announcement'}`,
    now,
  });
  await refreshCards(trx, { kind: incidentCard, id: incident.id }, now);
}

/** The channel was archived or deleted by hand. */
export async function channelGone(
  services: Services,
  params: { channelId: string; now: Date },
): Promise<void> {
  await services.db.transaction().execute(async (trx) => {
    const incident = await trx
      .updateTable('incident')
      .set({ channel_state: 'gone', channel_id: null, updated_at: params.now })
      .where('channel_id', '=', params.channelId)
      .where('channel_state', 'in', ['wanted', 'ready'])
      .returningAll()
      .executeTakeFirst();
    if (incident === undefined) return;
    await trx
      .updateTable('slack_message')
      .set({ state: 'gone', gone_reason: 'the channel is gone' })
      .where('channel_id', '=', params.channelId)
      .where('card_kind', '=', incidentCard)
      .execute();
    if (isLive(incident.state))
      await goOn(
        trx,
        incident,
        params.now,
        `The channel of ${referenceOf(incident)} was archived or deleted`,
      );
  });
}
