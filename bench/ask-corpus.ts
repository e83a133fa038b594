import { readFileSync } from 'node:fs';
import { answerBatch } from '../src/answers/batch.js';
import { operatorViewer } from '../src/answers/visibility.js';
import { catalogFromArguments } from '../src/catalog/from-arguments.js';
import { buildIndex } from '../src/catalog/search/build-index.js';

async function run(
  name: string,
  source: string,
  questions: { id: string; question: string; gold: string[]; kind: string }[],
) {
  const t0 = performance.now();
  const view = await catalogFromArguments([source], {
    now: new Date(),
    signal: AbortSignal.timeout(60_000),
    secret: () => undefined,
    fetch,
    baseDir: '.',
  });
  const t1 = performance.now();
  const index = buildIndex(view.assets());
  const t2 = performance.now();
  const byId = new Map(questions.map((q) => [q.id, q]));
  const kinds = new Map<
    string,
    {
      n: number;
      a: number;
      r: number;
      m: number;
      s: number;
      h1: number;
      h10: number;
      int: Map<string, number>;
    }
  >();
  const times: number[] = [];
  for (const { answer } of answerBatch(
    questions.map((q) => JSON.stringify(q)),
    { view, index, now: new Date(), viewer: operatorViewer },
    () => performance.now(),
  )) {
    const q = byId.get(answer.id)!;
    const k = kinds.get(q.kind) ?? { n: 0, a: 0, r: 0, m: 0, s: 0, h1: 0, h10: 0, int: new Map() };
    kinds.set(q.kind, k);
    k.n++;
    times.push(answer.ms);
    const hit = (x: { source_id: string }) => q.gold.includes(x.source_id);
    if (answer.assets[0] && hit(answer.assets[0])) k.h1++;
    if (answer.assets.some(hit)) k.h10++;
    if (answer.outcome === 'answered') {
      k.a++;
      if (answer.assets[0] && hit(answer.assets[0])) k.r++;
      else if (process.argv[2] === q.kind)
        console.log('ANS', q.question, '->', answer.assets[0]?.name, '|', answer.text.slice(0, 100));
    }
    if (answer.outcome === 'ambiguous') {
      k.m++;
      if (answer.assets.slice(0, 5).some(hit)) k.s++;
    }
  }
  times.sort((a, b) => a - b);
  console.log(
    name,
    'assets',
    view.assets().length,
    'read',
    (t1 - t0).toFixed(0),
    'index',
    (t2 - t1).toFixed(0),
    'p50',
    times[times.length >> 1],
    'p95',
    times[Math.floor(times.length * 0.95)],
  );
  for (const [kind, k] of kinds)
    console.log(
      '  ',
      kind,
      k.n,
      `h1 ${(k.h1 / k.n).toFixed(3)} h10 ${(k.h10 / k.n).toFixed(3)} answered ${(k.a / k.n).toFixed(2)} right ${(k.r / k.n).toFixed(2)} asked ${(k.m / k.n).toFixed(2)} shown ${(k.s / k.n).toFixed(2)} right-or-shown ${((k.r + k.s) / k.n).toFixed(2)}`,
    );
  return view;
}
const shared = '/work/shared/corpora';
const lines = (f: string) =>
  readFileSync(f, 'utf8')
    .trim()
    .split('\n')
    .map((l) => JSON.parse(l));
await run(
  'hidden',
  `dbt-project:${shared}/cerebro-aliases-hidden`,
  lines(`${shared}/cerebro-aliases-hidden/questions.dev.jsonl`),
);
await run(
  'deleted',
  `dbt-project:${shared}/cerebro-deleted`,
  lines(`${shared}/cerebro-deleted/questions.dev.jsonl`),
);
const view = await catalogFromArguments([`dbt-project:${shared}/cerebro`], {
  now: new Date(),
  signal: AbortSignal.timeout(60_000),
  secret: () => undefined,
  fetch,
  baseDir: '.',
});
const uses = new Map<string, Set<string>>();
for (const a of view.assets())
  if (a.kind === 'metric')
    for (const s of a.synonyms) {
      const k = s.toLowerCase();
      if (!uses.has(k)) uses.set(k, new Set());
      uses.get(k)!.add(a.sourceId);
    }
const known = view
  .assets()
  .flatMap((a) =>
    a.kind === 'metric'
      ? a.synonyms
          .filter((s) => uses.get(s.toLowerCase())!.size === 1)
          .map((s, i) => ({ id: `${a.sourceId}-${i}`, question: s, gold: [a.sourceId], kind: 'known' }))
      : [],
  );
await run('known', `dbt-project:${shared}/cerebro`, known);
await run(
  'hidden in full tree',
  `dbt-project:${shared}/cerebro`,
  lines(`${shared}/cerebro-aliases-hidden/questions.dev.jsonl`),
);
console.log(
  JSON.stringify(
    view.assets().find((a) => a.name === 'execution_pools_net_apr_daily__lvr_apr_7d_value')?.context,
  ),
);
