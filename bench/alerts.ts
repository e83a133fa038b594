// How well alerts are grouped by cause: `npm run bench -- alerts [seeds] [alerts per seed] [minutes between causes]`.
import { makeSampleCatalog } from '../src/incidents/alerts/generate/catalog.js';
import { generateAlerts } from '../src/incidents/alerts/generator.js';
import { measure } from '../src/incidents/grouping/measure.js';

const seeds = Number(process.argv[2] ?? 20);
const count = Number(process.argv[3] ?? 5_000);
const causeEveryMinutes = Number(process.argv[4] ?? 180);
let worst = { precision: 1, recall: 1 };
for (let seed = 1; seed <= seeds; seed += 1) {
  const view = makeSampleCatalog(seed);
  const deliveries = generateAlerts({ seed, count, view, causeEveryMinutes });
  const beganMs = performance.now();
  const score = measure(deliveries, view);
  const ms = Math.round(performance.now() - beganMs);
  worst = {
    precision: Math.min(worst.precision, score.precision),
    recall: Math.min(worst.recall, score.recall),
  };
  console.log(
    `seed ${seed}: ${score.alerts} alerts, ${new Set(deliveries.map(({ cause }) => cause)).size} causes, ${score.groups} groups, precision ${score.precision.toFixed(4)}, recall ${score.recall.toFixed(4)}, ${ms} ms`,
  );
}
console.log(`worst of ${seeds}: precision ${worst.precision.toFixed(4)}, recall ${worst.recall.toFixed(4)}`);
