import { listBackfills } from '../../backfills/list.js';
import { progressOf } from '../../backfills/progress.js';
import { referenceOf } from '../../backfills/reference.js';
import { section } from '../blocks.js';
import { bar, progressWords } from '../cards/backfill-words.js';
import { escapeMrkdwn } from '../mrkdwn.js';
import type { HomeSection } from '../surface.js';

/** What somebody asked to have rebuilt, while it is under way. */
export const backfillHome: HomeSection = {
  name: 'Backfills',
  order: 40,
  async render(services, person, now) {
    const { rows } = await listBackfills(services, {
      maySee: () => true,
      limit: 5,
      liveOnly: true,
      requesterId: person.id,
    });
    if (rows.length === 0) return [];
    const lines: string[] = [];
    for (const row of rows) {
      const progress = await progressOf(services.db, row, now);
      const state =
        row.started_at === null
          ? row.state
          : `${row.state} · \`${bar(progress.percent)}\` ${progressWords(progress)}`;
      lines.push(
        `*${referenceOf(row)}* ${escapeMrkdwn(row.asset_name)} · ${state}${row.hold === null ? '' : `\n      ${escapeMrkdwn(row.hold.slice(0, 200))}`}`,
      );
    }
    return [section(`*Your backfills*\n${lines.join('\n')}`)];
  },
};
