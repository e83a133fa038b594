import { z } from 'zod';
import { deflection } from '../answers/learning/deflection.js';
import { describeSeconds } from '../backfills/estimate.js';
import { backfillStatistics } from '../backfills/statistics.js';
import type { Asset } from '../catalog/asset.js';
import { lintCatalog } from '../catalog/lint.js';
import { statisticsOf } from '../incidents/report/statistics.js';
import { durationWords } from '../incidents/report/words.js';
import type { Services } from '../services.js';
import { freshnessByTier } from './freshness.js';

/** What `steward report scorecard --json` writes and `/steward scorecard` shows. */
export const Scorecard = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  lines: z.array(
    z.object({
      name: z.string(),
      /** The figure; null where nothing happened that could be measured. */
      value: z.number().nullable(),
      unit: z.enum(['seconds', 'share', 'count']),
      text: z.string(),
    }),
  ),
});
export type Scorecard = z.infer<typeof Scorecard>;

type Line = Scorecard['lines'][number];

/** Two business days, the promise for access, in working time of eight and a half hours. */
const accessPromiseMs = 2 * 8.5 * 3_600_000;

/** The measures data teams answer for, over a period. Each says how many cases it is made of. */
export async function makeScorecard(
  services: Services,
  period: { from: Date; to: Date },
  /** Assets that are counted: a figure must not tell of what its reader may not know. */
  counts: (asset: Asset) => boolean = () => true,
): Promise<Scorecard> {
  const [incidents, backfills, access, questions] = await Promise.all([
    statisticsOf(services, period),
    backfillStatistics(services.db, period),
    accessTurnaround(services, period),
    deflection(services.db, period),
  ]);
  const seconds = (name: string, value: number | null, cases: string): Line => ({
    name,
    value,
    unit: 'seconds',
    text: value === null ? 'nothing to measure' : `${durationWords(value)} on average (${cases})`,
  });
  const share = (name: string, value: number | null, cases: string): Line => ({
    name,
    value,
    unit: 'share',
    text: value === null ? 'nothing to measure' : `${Math.round(value * 100)} % (${cases})`,
  });
  const of = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
  return {
    from: period.from.toISOString(),
    to: period.to.toISOString(),
    lines: [
      seconds('Time to detect', incidents.all.mttd, of(incidents.all.count, 'incident')),
      seconds('Time to acknowledge', incidents.all.mtta, of(incidents.all.count, 'incident')),
      seconds('Time to resolve', incidents.all.mttr, of(incidents.all.count, 'incident')),
      { name: 'Incidents open now', value: incidents.open, unit: 'count', text: String(incidents.open) },
      ...freshnessByTier(services, counts).map((tier) =>
        share(`Fresh, ${tier.name}`, tier.share, of(tier.count, 'source')),
      ),
      share('Access within two business days', access.share, of(access.count, 'decided request')),
      share('Backfills right the first time', backfills.shareWithoutRework, of(backfills.ended, 'backfill')),
      {
        name: 'Backfill, from asking to verified',
        value: backfills.leadMedianSeconds,
        unit: 'seconds',
        text:
          backfills.leadMedianSeconds === null || backfills.leadP90Seconds === null
            ? 'nothing to measure'
            : `${describeSeconds(backfills.leadMedianSeconds)} (median), nine in ten within ${describeSeconds(backfills.leadP90Seconds)} (${of(backfills.succeeded, 'backfill')})`,
      },
      documentation(services, share, counts),
      share(
        'Questions that needed no colleague',
        questions.asked === 0 ? null : questions.deflected / questions.asked,
        of(questions.asked, 'question'),
      ),
    ],
  };
}

async function accessTurnaround(
  services: Services,
  { from, to }: { from: Date; to: Date },
): Promise<{ share: number | null; count: number }> {
  const rows = await services.db
    .selectFrom('approval_request')
    .select('working_ms')
    .where('kind', '=', 'access')
    .where('decided_at', '>=', from)
    .where('decided_at', '<', to)
    .execute();
  const within = rows.filter((row) => Number(row.working_ms ?? 0) <= accessPromiseMs);
  return { count: rows.length, share: rows.length === 0 ? null : within.length / rows.length };
}

function documentation(
  services: Services,
  share: (name: string, value: number | null, cases: string) => Line,
  counted: (asset: Asset) => boolean,
): Line {
  const { view } = services.catalog.current();
  const tierOne = view
    .assets()
    .filter((asset) => asset.tier === 1 && asset.status === 'active' && counted(asset));
  const lacking = new Set(
    lintCatalog(view)
      .filter((finding) => finding.rule.startsWith('missing-'))
      .map((finding) => `${finding.source}\0${finding.source_id}`),
  );
  const complete = tierOne.filter((asset) => !lacking.has(`${asset.source}\0${asset.sourceId}`)).length;
  return share(
    'Documentation complete, tier 1',
    tierOne.length === 0 ? null : complete / tierOne.length,
    `${tierOne.length} asset${tierOne.length === 1 ? '' : 's'}`,
  );
}
