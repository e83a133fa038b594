import { writeFileSync } from 'node:fs';
import { catalogFromArguments } from '../src/catalog/from-arguments.js';

for (const name of ['cerebro', 'cerebro-aliases-hidden', 'cerebro-deleted']) {
  const view = await catalogFromArguments([`dbt-project:/work/shared/corpora/${name}`], {
    now: new Date(),
    signal: AbortSignal.timeout(60_000),
    secret: () => undefined,
    fetch,
    baseDir: '.',
  });
  writeFileSync(`/tmp/ans-${name}.json`, JSON.stringify(view.assets()));
}
