import type { Trx } from '../db/database.js';
import { setTimer } from '../jobs/outbox.js';
import { postCard } from '../jobs/outgoing.js';
import { ownersOf } from '../people/owners-of.js';
import type { Services } from '../services.js';
import { readersOf } from '../subscriptions/readers.js';
import { tellReader } from '../subscriptions/tell-reader.js';
import { type DefinitionRow, noteCardKind } from './record.js';

/** When consumers of something that goes away hear of it. */
export const noticePhases = ['start', 'half', 'end'] as const;
export type NoticePhase = (typeof noticePhases)[number];
/** What is sent of a deprecation: its phases, and that it was withdrawn. */
export const noticesSent = [...noticePhases, 'withdrawn'] as const;

/** The effect that sends the notices of one phase. */
export const noticeEffectKind = 'definition.notice';

const dayMs = 86_400_000;

/** Start is the approval, the end is the last day itself, half-way lies between. */
export function noticeTimes(approvedAt: Date, lastDay: string): Record<NoticePhase, Date> {
  const end = new Date(`${lastDay}T08:00:00Z`);
  const until = Math.max(approvedAt.getTime(), end.getTime());
  return {
    start: approvedAt,
    half: new Date(approvedAt.getTime() + (until - approvedAt.getTime()) / 2),
    end: new Date(until),
  };
}

/** Whether the next one says it already: after days without a process several are due at once, and people are told once. */
export function isOvertaken(
  { approved_at: approvedAt, last_day: lastDay }: Pick<DefinitionRow, 'approved_at' | 'last_day'>,
  phase: (typeof noticesSent)[number],
  now: Date,
): boolean {
  if (approvedAt === null || lastDay === null || phase === 'end' || phase === 'withdrawn') return false;
  const { half, end } = noticeTimes(approvedAt, lastDay);
  if (phase === 'half' || !hasHalf(approvedAt, end)) return now >= end;
  return now >= half;
}

function hasHalf(approvedAt: Date, end: Date): boolean {
  return end.getTime() - approvedAt.getTime() >= 2 * dayMs;
}

/** Timers on domain time. A last day within a day has no half-way. */
export async function setNoticeTimers(trx: Trx, change: DefinitionRow, now: Date): Promise<void> {
  if (change.last_day === null) return;
  const times = noticeTimes(now, change.last_day);
  for (const phase of noticePhases) {
    if (phase === 'half' && !hasHalf(now, times.end)) continue;
    await setTimer(trx, {
      kind: noticeEffectKind,
      queue: 'work',
      key: `${noticeEffectKind}:${change.id}:${phase}`,
      payload: { changeId: change.id, phase },
      runAt: times[phase],
      now,
    });
  }
}

/**
 * Tells the owners of everything that is built from it, as lineage is now, who uses it, and the announcements channel. One notice per person and
 * phase; a new consumer is told in the next one.
 */
export async function sendNotices(
  services: Services,
  params: { changeId: string; phase: (typeof noticesSent)[number]; now: Date },
): Promise<number> {
  const { changeId, phase, now } = params;
  return services.db.transaction().execute(async (trx) => {
    const change = await trx
      .selectFrom('definition_change')
      .selectAll()
      .where('id', '=', changeId)
      .executeTakeFirst();
    const states = phase === 'withdrawn' ? ['withdrawn'] : ['approved', 'in-source'];
    if (change === undefined || !states.includes(change.state) || isOvertaken(change, phase, now)) return 0;
    const { view } = services.catalog.current();
    const people = new Map<string, 'owner' | 'subscribed' | 'asked'>();
    for (const { asset } of view.downstream(change.asset_id)) {
      for (const person of await ownersOf(services, trx, asset)) people.set(person.id, 'owner');
    }
    // Who uses it, too: they asked about it lately, or wanted to hear of it.
    const asset = view.get(change.asset_id);
    const readers = asset === undefined ? null : await readersOf(services, trx, asset, now);
    for (const { person, why } of readers?.people ?? [])
      if (!people.has(person.id)) people.set(person.id, why);
    for (const [personId, why] of people) {
      await tellReader(services, trx, {
        personId,
        why,
        topic: why === 'owner' ? 'definitions-upstream' : 'deprecations-asked',
        key: `definition:${change.id}:${phase}:${personId}`,
        card: { kind: noteCardKind, id: change.id, variant: `${phase}:${why}` },
        now,
      });
    }
    await postAnnouncement(services, trx, { change, variant: phase, channels: readers?.channels ?? [], now });
    return people.size;
  });
}

/** In the announcements channel and in those that subscribed, where everybody may see what it is about. */
export async function postAnnouncement(
  services: Pick<Services, 'config'>,
  trx: Trx,
  params: { change: DefinitionRow; variant: string; channels: readonly string[]; now: Date },
): Promise<void> {
  const { change, variant, channels, now } = params;
  const announcements = services.config.slack.channels.announcements;
  for (const channelId of new Set([...(announcements === undefined ? [] : [announcements]), ...channels])) {
    await postCard(trx, {
      key: `definition:${change.id}:${variant}:${channelId === announcements ? 'announcement' : channelId}`,
      to: { channelId },
      card: {
        kind: noteCardKind,
        id: change.id,
        variant: `${variant}:${channelId === announcements ? 'announcement' : `channel:${channelId}`}`,
      },
      now,
    });
  }
}
