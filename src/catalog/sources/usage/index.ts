import path from 'node:path';
import { z } from 'zod';
import type { AssetDraft, SignalDraft, SourceSnapshot } from '../../asset.js';
import { type SourceConnector, SourceError } from '../../connector.js';
import { newAsset } from '../../new-asset.js';
import { usesOfLogin } from '../../usage-signal.js';
import { rowsOf } from '../csv-rows.js';
import { readSourceFiles } from '../source-files.js';
import { UsageCount, UsageDate, usageHeadings } from './schema.js';

const Config = z.strictObject({
  /** A CSV file with the columns asset, count and date (and people, or login), or a folder of them. */
  path: z.string().min(1),
});
type Config = z.infer<typeof Config>;

/**
 * How much things are used: counts by day from a query log or a BI tool. Its assets are references, which find their place by relation, source
 * id or name in the other sources; it defines nothing itself.
 */
export const usage = {
  type: 'usage',
  config: Config,
  fromPath: (given) => ({ path: given }),
  read: async (config, context) => {
    const wanted = { pattern: /\.(?:csv|tsv)$/i, what: 'CSV file with the columns asset, count and date' };
    const files = await readSourceFiles(path.resolve(context.baseDir, config.path), wanted, context.signal);
    const assets = new Map<string, AssetDraft>();
    const signals: SignalDraft[] = [];
    const warnings: string[] = [];
    for (const file of files) {
      const byDay = new Map<string, LoginDay>();
      const rows = rowsOf(file);
      const [first] = rows;
      if (
        first !== undefined &&
        cell(first.row, 'asset') === undefined &&
        cell(first.row, 'count') === undefined
      ) {
        throw new SourceError(
          `${file.path} has no columns for the asset (${usageHeadings.asset.join(', ')}) and the count (${usageHeadings.count.join(', ')}).`,
        );
      }
      // A log that counts once for all has no day: what it says is as of now.
      const isDated = rows.some(({ row }) => cell(row, 'date') !== undefined);
      const undated = isDated ? undefined : context.now.toISOString();
      for (const { row, line } of rows) {
        const name = nameIn(row);
        const count = UsageCount.safeParse(cell(row, 'count'));
        const date = UsageDate.safeParse(cell(row, 'date') ?? undated);
        if (name === undefined || !count.success || !date.success) {
          warnings.push(
            `${file.path}, line ${line}: asset, count or date cannot be read; the line was left out.`,
          );
          continue;
        }
        assets.set(name, referenceTo(name, file.path));
        const observedAt = date.data;
        const about = { sourceId: name, type: 'usage', status: 'pass', observedAt } as const;
        const login = cell(row, 'login');
        if (login !== undefined) {
          const key = JSON.stringify([name, observedAt.slice(0, 10)]);
          const day: LoginDay = byDay.get(key) ?? { about, uses: new Map() };
          byDay.set(key, day);
          const before = day.uses.get(usesOfLogin(login));
          day.uses.set(usesOfLogin(login), {
            value: (before?.value ?? 0) + count.data,
            observedAt: later(before?.observedAt, observedAt),
          });
          continue;
        }
        signals.push({ ...about, name: 'uses', value: count.data, unit: 'uses' });
        const people = UsageCount.safeParse(cell(row, 'people'));
        if (people.success) signals.push({ ...about, name: 'people', value: people.data, unit: 'people' });
      }
      for (const day of byDay.values()) signals.push(...signalsOf(day, isDated));
    }
    const snapshot: SourceSnapshot = {
      assets: [...assets.values()],
      edges: [],
      signals,
      warnings,
      info: { files: String(files.length) },
    };
    return snapshot;
  },
} satisfies SourceConnector<Config>;

/** What a log that names logins says of one asset on one day. */
interface LoginDay {
  about: Pick<SignalDraft, 'sourceId' | 'type' | 'status' | 'observedAt'>;
  /** By `usesOfLogin`: how often that day, and when last. */
  uses: Map<string, { value: number; observedAt: string }>;
}

/** ISO times of one form stand in the order of their letters. */
function later(one: string | undefined, other: string): string {
  return one !== undefined && one > other ? one : other;
}

/** The day's total, how many people that is, and each login's own: of a log without days nobody knows when it was. */
function signalsOf({ about, uses }: LoginDay, isDated: boolean): SignalDraft[] {
  const each = [...uses].map(([name, used]) => ({ ...about, ...used, name, unit: 'uses' }));
  const value = each.reduce((sum, one) => sum + one.value, 0);
  const observedAt = each.reduce((last, one) => later(last, one.observedAt), about.observedAt);
  return [
    { ...about, observedAt, name: 'uses', value, unit: 'uses' },
    { ...about, observedAt, name: 'people', value: uses.size, unit: 'people' },
    ...(isDated ? each : []),
  ];
}

/** A dotted name is first taken for a relation. */
function referenceTo(name: string, file: string): AssetDraft {
  return newAsset(
    { sourceId: name, kind: 'model', name },
    { reference: true, provenance: { '*': { file } }, ...(name.includes('.') ? { relation: name } : {}) },
  );
}

/** Query logs have a column for each part of a table's name. */
function nameIn(row: Record<string, string>): string | undefined {
  const name = cell(row, 'asset');
  if (name === undefined || name.includes('.')) return name;
  const parts = [cell(row, 'database'), cell(row, 'schema')].filter((part) => part !== undefined);
  return [...parts, name].join('.');
}

function cell(row: Record<string, string>, key: keyof typeof usageHeadings): string | undefined {
  return usageHeadings[key].map((heading) => row[heading]).find((value) => value !== undefined);
}
