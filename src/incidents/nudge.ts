import type { Trx } from '../db/database.js';
import { postCard } from '../jobs/outgoing.js';
import type { Services } from '../services.js';
import { incidentCard } from './change.js';
import type { Incident } from './incident.js';

type Nudge = 'acknowledge' | 'update' | 'roles' | 'resolve' | 'silent' | 'unpaged' | `worse:${string}`;

/** Posts one more reminder of a kind where the responders are; returns how many there were before. */
export async function nudge(
  services: Services,
  trx: Trx,
  incident: Incident,
  what: Nudge,
  now: Date,
): Promise<number> {
  const sent = await trx
    .selectFrom('slack_message')
    .select('state')
    .where('card_kind', '=', incidentCard)
    .where('card_id', '=', incident.id)
    .where('variant', '=', `nudge-${what}`)
    .execute();
  // One that still waits (Slack is down) is enough: what is said late is said once.
  if (!sent.some(({ state }) => state === 'wanted'))
    await postWhereWorkedOn(services, trx, incident, what, `${now.getTime()}`, now);
  return sent.length;
}

/**
 * Some sources never say that all is well again, and a watch that nobody ends would go on for ever: whoever leads is asked. Once for each last
 * word of what is ill.
 */
export async function askWhetherWell(
  services: Services,
  trx: Trx,
  incident: Incident,
  lastIllAt: Date,
  now: Date,
): Promise<void> {
  await askLead(services, trx, incident, 'silent', `${lastIllAt.getTime()}`, now);
}

export interface SeverityQuestion {
  /** Its alerts became worse, or more is reached than was known. */
  why: 'alerts' | 'reach';
  /** What steward.yml makes of it; null where it says nothing of such alerts. */
  suggested: string | null;
  /** The same occasion asks once. */
  occasion: string;
  now: Date;
}

/** It may be worse than its severity says. That is somebody's to decide: whoever leads is asked, and until then nothing changes. */
export async function askSeverity(
  services: Services,
  trx: Trx,
  incident: Incident,
  { why, suggested, occasion, now }: SeverityQuestion,
): Promise<void> {
  await askLead(services, trx, incident, `worse:${why}:${suggested ?? ''}`, occasion, now);
}

/** Whoever waits for on-call to come would wait for nothing: said where it is worked on, once for each page. */
export async function sayUnpaged(
  services: Services,
  trx: Trx,
  incident: Incident,
  pageId: string,
  now: Date,
): Promise<void> {
  await postWhereWorkedOn(services, trx, incident, 'unpaged', pageId, now);
}

/** By direct message to whoever leads, to everybody in the channel where nobody does. */
async function askLead(
  services: Services,
  trx: Trx,
  incident: Incident,
  what: Nudge,
  occasion: string,
  now: Date,
): Promise<void> {
  const lead = await trx
    .selectFrom('incident_role')
    .select('person_id')
    .where('incident_id', '=', incident.id)
    .where('role', '=', 'lead')
    .executeTakeFirst();
  if (lead === undefined) return postWhereWorkedOn(services, trx, incident, what, occasion, now);
  await postCard(trx, {
    key: keyOf(incident, what, occasion),
    to: { personId: lead.person_id },
    card: { kind: incidentCard, id: incident.id, variant: `nudge-${what}` },
    now,
  });
}

function keyOf(incident: Incident, what: Nudge, occasion: string): string {
  return `incident:${incident.id}:nudge:${what}:${occasion}`;
}

/** In its channel, else in the thread of its announcement; a private one without a channel has neither. */
async function postWhereWorkedOn(
  services: Services,
  trx: Trx,
  incident: Incident,
  what: Nudge,
  occasion: string,
  now: Date,
): Promise<void> {
  const channelId =
    incident.channel_id ?? (incident.private ? undefined : services.config.slack.channels.incidents);
  if (channelId === undefined) return;
  await postCard(trx, {
    key: keyOf(incident, what, occasion),
    to: { channelId },
    card: { kind: incidentCard, id: incident.id, variant: `nudge-${what}` },
    ...(incident.channel_id === null ? { inThreadOf: `incident:${incident.id}:announce` } : {}),
    now,
  });
}
