import { z } from 'zod';
import type { CatalogView } from '../../catalog/view.js';
import type { StewardConfig } from '../../config/steward-schema.js';
import type { Alert } from '../alerts/alert.js';
import { foresee, foreseen } from '../rules/foresee.js';
import { readDelivery, replay } from './replay.js';
import type { GroupingRules } from './rules.js';
import { pairwiseScore } from './score.js';

/** One line of a recorded day: a delivery, and the true cause where somebody knows it. */
export const recordedLine = z.object({
  source: z.string(),
  endpoint: z.string().default('replay'),
  received_at: z.iso.datetime({ offset: true }),
  body: z.unknown(),
  cause: z.string().optional(),
});

/** `steward alerts replay --dry-run <file> --json`: published in docs/contract. */
export const replayResult = z.object({
  lines: z.number().int(),
  alerts: z.number().int(),
  groups: z.array(
    z.object({
      key: z.string(),
      title: z.string(),
      because: z.string(),
      state: z.enum(['firing', 'recovered']),
      flaps: z.number().int(),
      first_at: z.iso.datetime(),
      last_at: z.iso.datetime(),
      /** Native ids; null where the catalog does not know it. */
      root: z.string().nullable(),
      suspect: z.string().nullable(),
      assets: z.array(z.string()),
      alerts: z.array(z.string()),
      /** Numbers of the lines of the file, from 1. */
      lines: z.array(z.number().int()),
      /** What the rules of steward.yml would have made of it. */
      would: foreseen,
    }),
  ),
  /** Lines whose alerts are recoveries of nothing. */
  ungrouped: z.array(z.number().int()),
  skipped: z.array(z.object({ line: z.number().int(), reason: z.string() })),
  /** Where the lines say the true cause. */
  score: z.object({ precision: z.number(), recall: z.number() }).nullable(),
});
export type ReplayResult = z.infer<typeof replayResult>;

/** What a recorded day of alerts would have become. Nothing is stored, nobody is told. */
export function replayFile(
  text: string,
  view: CatalogView,
  rules: GroupingRules,
  config: StewardConfig,
): ReplayResult {
  const lines = text.split('\n');
  const skipped: ReplayResult['skipped'] = [];
  const linesOf = new Map<string, number[]>();
  const causeOf = new Map<number, string>();
  const alerts: Alert[] = [];
  let read = 0;
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    read += 1;
    const number = index + 1;
    const parsed = recordedLine.safeParse(readJson(line));
    if (!parsed.success) {
      skipped.push({ line: number, reason: 'not a line {source, received_at, body}' });
      continue;
    }
    const { source, endpoint, received_at, body, cause } = parsed.data;
    if (cause !== undefined) causeOf.set(number, cause);
    const delivery = readDelivery({ source, endpoint, receivedAt: new Date(received_at), body });
    for (const reason of delivery.skipped) skipped.push({ line: number, reason });
    for (const alert of delivery.alerts) {
      alerts.push(alert);
      linesOf.set(alert.id, [...(linesOf.get(alert.id) ?? []), number]);
    }
  }
  const groups = replay(alerts, view, rules);
  const grouped = new Map<number, string>();
  const out = groups
    .sort((a, b) => a.firstAt.getTime() - b.firstAt.getTime() || (a.key < b.key ? -1 : 1))
    .map((group) => {
      const ids = group.alerts.map(({ alert }) => alert.id);
      const own = [...new Set(ids.flatMap((id) => linesOf.get(id) ?? []))].sort((a, b) => a - b);
      for (const line of own) grouped.set(line, group.key);
      const native = (id: string | null): string | null =>
        id === null ? null : (view.get(id)?.sourceId ?? null);
      return {
        key: group.key,
        title: group.title,
        because: group.because,
        state: group.state,
        flaps: group.flaps,
        first_at: group.firstAt.toISOString(),
        last_at: group.lastAt.toISOString(),
        root: native(group.rootAssetId),
        suspect: native(group.suspectAssetId),
        assets: group.assetIds.flatMap((id) => native(id) ?? []),
        alerts: ids,
        lines: own,
        would: foresee(config, view, group),
      };
    });
  const all = [...new Set([...linesOf.values()].flat())];
  return {
    lines: read,
    alerts: new Set(alerts.map(({ id }) => id)).size,
    groups: out,
    ungrouped: all.filter((line) => !grouped.has(line)).sort((a, b) => a - b),
    skipped,
    score:
      causeOf.size === 0
        ? null
        : pairwiseScore([...causeOf].map(([line, cause]) => ({ group: grouped.get(line) ?? null, cause }))),
  };
}

function readJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
