import type { Trx } from '../db/database.js';
import { setTimer } from '../jobs/outbox.js';
import { postCard } from '../jobs/outgoing.js';
import { postNotice } from '../notices/post-notice.js';
import type { Services } from '../services.js';
import { type DefinitionRow, noteCardKind } from './record.js';

/** When consumers of something that goes away hear of it. */
export const noticePhases = ['start', 'half', 'end'] as const;
export type NoticePhase = (typeof noticePhases)[number];

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

/** Timers on domain time. A last day within a day has no half-way. */
export async function setNoticeTimers(trx: Trx, change: DefinitionRow, now: Date): Promise<void> {
  if (change.last_day === null) return;
  const times = noticeTimes(now, change.last_day);
  for (const phase of noticePhases) {
    if (phase === 'half' && times.end.getTime() - now.getTime() < 2 * dayMs) continue;
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

/** Tells the owners of everything that is built from it, as lineage is now, and the announcements channel. One notice per person and phase. */
export async function sendNotices(
  services: Services,
  params: { changeId: string; phase: NoticePhase; now: Date },
): Promise<number> {
  const { changeId, phase, now } = params;
  return services.db.transaction().execute(async (trx) => {
    const change = await trx
      .selectFrom('definition_change')
      .selectAll()
      .where('id', '=', changeId)
      .executeTakeFirst();
    if (change === undefined || (change.state !== 'approved' && change.state !== 'in-source')) return 0;
    const { view } = services.catalog.current();
    const people = new Set<string>();
    for (const { asset } of view.downstream(change.asset_id)) {
      for (const owner of asset.owners) {
        for (const person of await services.directory.resolveOwner(trx, owner)) people.add(person.id);
      }
    }
    for (const personId of people) {
      await postNotice(services, trx, {
        topic: 'definitions-upstream',
        personId,
        key: `definition:${change.id}:${phase}:${personId}`,
        card: { kind: noteCardKind, id: change.id, variant: phase },
        now,
      });
    }
    await postAnnouncement(services, trx, { change, variant: phase, now });
    return people.size;
  });
}

/** In the announcements channel, where everybody may see what it is about. */
export async function postAnnouncement(
  services: Pick<Services, 'config'>,
  trx: Trx,
  params: { change: DefinitionRow; variant: string; now: Date },
): Promise<void> {
  const { change, variant, now } = params;
  const channelId = services.config.slack.channels.announcements;
  if (channelId === undefined) return;
  await postCard(trx, {
    key: `definition:${change.id}:${variant}:announcement`,
    to: { channelId },
    card: { kind: noteCardKind, id: change.id, variant: `${variant}:announcement` },
    now,
  });
}
