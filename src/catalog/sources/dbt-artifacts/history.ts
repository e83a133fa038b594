import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { SignalDraft } from '../../asset.js';
import { Freshness, type Manifest, RunResults } from './schema.js';
import { signalsOf } from './signals.js';

/** Newest files of each kind that are read; three weeks of nightly runs and then some. */
const filesOfEachKind = 40;

/**
 * Results of earlier runs that were kept in `history/` beside the artifacts, as `run_results*.json` and `sources*.json` (a copy made
 * after each run; file names sort by age). They say since when a check fails and at what time of day a source is usually there.
 * A file that cannot be read is left out with a warning: the newest results are not in there.
 */
export async function historySignals(
  folder: string,
  manifest: Manifest,
  isAsset: (uniqueId: string) => boolean,
): Promise<{ signals: SignalDraft[]; warnings: string[] }> {
  const history = path.join(folder, 'history');
  const names = await readdir(history).catch(() => []);
  const newest = (kind: string): string[] =>
    names
      .filter((name) => name.startsWith(kind) && name.endsWith('.json'))
      .sort()
      .slice(-filesOfEachKind);
  const signals: SignalDraft[] = [];
  const warnings: string[] = [];
  for (const name of [...newest('run_results'), ...newest('sources')]) {
    try {
      const raw: unknown = JSON.parse(await readFile(path.join(history, name), 'utf8'));
      const results = name.startsWith('sources')
        ? { freshness: Freshness.parse(raw) }
        : { runResults: RunResults.parse(raw) };
      const found = signalsOf({ manifest, ...results, isAsset }).signals;
      // A test that is not among these results was not run then; that says nothing.
      signals.push(...found.filter((signal) => signal.status !== 'unknown'));
    } catch {
      warnings.push(`history/${name} cannot be read as a dbt artifact; it is left out.`);
    }
  }
  return { signals, warnings };
}
