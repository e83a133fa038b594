import { catalogVersion } from '../../catalog/load-catalog.js';
import type { Db, Trx } from '../../db/database.js';
import { refreshCards } from '../../jobs/outgoing.js';
import type { Services } from '../../services.js';
import { cardKind, recordEvent, tellPeople } from '../events.js';
import { tellIncident } from '../incident-link.js';
import { lockBackfill } from '../load.js';
import { failedBefore, freshnessCheck, testsCheck, verdictOf } from './checks.js';

/** How long results of tests and freshness that come later still count. */
const laterForMs = 24 * 3_600_000;
/** A source that cannot be read is waited for no longer than this. */
const givesUpAfterMs = 7 * 24 * 3_600_000;

/** When to look for them next: soon while somebody waits for it, seldom later. */
export function nextLook(finishedAt: Date, now: Date): Date {
  const soon = now.getTime() - finishedAt.getTime() < 3_600_000;
  return new Date(now.getTime() + (soon ? 60_000 : 600_000));
}

/**
 * Tests and freshness are measured by others, often hours after the run: what was unknown then is looked at again until it is
 * known. A test that fails now is told to whoever asked; the backfill itself stays ended. Returns when to look again.
 */
export async function verifyLater(
  services: Services,
  params: { backfillId: string; epoch: number; now: Date },
): Promise<Date | null> {
  const { now } = params;
  return services.db.transaction().execute(async (trx) => {
    const backfill = await lockBackfill(trx, params.backfillId);
    const before = backfill.verification;
    if (
      backfill.epoch !== params.epoch ||
      backfill.state !== 'succeeded' ||
      before === null ||
      backfill.finished_at === null
    )
      return null;
    const { view } = services.catalog.current();
    const fresh = [freshnessCheck(view, backfill, now), testsCheck(view, backfill)];
    const checks = before.checks.map(
      (check) =>
        fresh.find(
          ({ name, result }) => name === check.name && check.result === 'unknown' && result !== 'unknown',
        ) ?? check,
    );
    const changed = checks.filter((check) => !before.checks.includes(check));
    if (changed.length > 0) {
      const verdict = verdictOf(checks, failedBefore(view, backfill));
      await trx
        .updateTable('backfill')
        .set({ verification: JSON.stringify({ verdict, checks, at: now.toISOString() }), updated_at: now })
        .where('id', '=', backfill.id)
        .execute();
      const words = changed.map((check) => check.words).join(' ');
      await recordEvent(trx, {
        backfillId: backfill.id,
        kind: 'verified-later',
        text: `${verdict === 'failed' ? 'Seen later, and not right:' : 'Seen later:'} ${words}`,
        now,
      });
      await refreshCards(trx, { kind: cardKind, id: backfill.id }, now);
      if (verdict !== before.verdict) await tellIncident(trx, backfill, { text: words, verdict }, now);
      if (verdict === 'failed' && backfill.requested_by !== null) {
        await tellPeople(trx, {
          backfillId: backfill.id,
          personIds: [backfill.requested_by],
          variant: 'result',
          about: `later:${backfill.epoch}`,
          now,
        });
      }
    }
    const open = checks.some(({ result }) => result === 'unknown');
    const ended = { assetId: backfill.asset_id, finishedAt: backfill.finished_at };
    return open && !(await isOver(services, trx, ended, now)) ? nextLook(ended.finishedAt, now) : null;
  });
}

/**
 * A look sees everything of that time only if the source has been read since and what was read is in memory: after a stop of a day
 * the look and the read are due at the same moment, and which of them is first must not decide whether the results count.
 */
async function isOver(
  services: Services,
  trx: Trx,
  backfill: { assetId: string; finishedAt: Date },
  now: Date,
): Promise<boolean> {
  const sinceMs = now.getTime() - backfill.finishedAt.getTime();
  if (sinceMs < laterForMs || sinceMs >= givesUpAfterMs) return sinceMs >= laterForMs;
  const { view, version } = services.catalog.current();
  const source = await trx
    .selectFrom('catalog_source')
    .select('synced_at')
    .where('name', '=', view.get(backfill.assetId)?.source ?? '')
    .executeTakeFirst();
  // Read from files alone, or not in the catalog any more: nothing will be read.
  if (source === undefined || source.synced_at === null) return true;
  const read = source.synced_at.getTime() >= backfill.finishedAt.getTime() + laterForMs;
  return read && version === (await catalogVersion(trx));
}

/** The catalog is newer than it was: who waits for results looks now, not minutes later. */
export async function lookForLaterResults(db: Db, now: Date): Promise<void> {
  await db
    .updateTable('outbox')
    .set({ run_at: now })
    .where('kind', '=', 'backfill.verify-later')
    .where('state', '=', 'pending')
    .where('run_at', '>', now)
    .execute();
}
