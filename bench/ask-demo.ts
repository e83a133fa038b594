import { answerQuestion } from '../src/answers/answer.js';
import { operatorViewer } from '../src/answers/visibility.js';
import { catalogFromArguments } from '../src/catalog/from-arguments.js';
import { buildIndex } from '../src/catalog/search/build-index.js';

const now = new Date(process.argv[3] ?? Date.now());
const view = await catalogFromArguments([process.argv[2]!], {
  now,
  signal: AbortSignal.timeout(60_000),
  secret: () => undefined,
  fetch,
  baseDir: '.',
});
const index = buildIndex(view.assets());
console.log(
  view.assets().length,
  view
    .assets()
    .map((a) => `${a.kind}:${a.name}`)
    .join(' ')
    .slice(0, 3000),
);
for (const question of process.argv.slice(4)) {
  const a = answerQuestion({ view, index, now, viewer: operatorViewer, question });
  console.log(
    `\n> ${question}\n[${a.outcome} ${a.intent} ${a.use} ${a.verdict?.verdict ?? ''}] ${a.text}\n  ${a.assets
      .slice(0, 4)
      .map((x) => `${x.asset.name}:${x.score}`)
      .join(' ')}`,
  );
}
