import { rename } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { syncCatalog } from '../../src/catalog/sync.js';
import { tellOfSource } from '../../src/notices/tell-of-source.js';
import { startTestSteward } from '../helpers/steward.js';
import { tempFiles } from '../helpers/temp-files.js';

const model =
  'version: 2\nmetrics:\n  - { name: orders, description: Orders., type: simple, type_params: { measure: n } }\n';

it.each([
  {
    to: 'the channel for operations',
    config: 'slack: { channels: { operations: ops } }',
    where: { channel: 'ops' },
  },
  {
    to: 'each administrator where there is no such channel',
    config: 'authority: { admins: [ana@acme.example] }',
    where: { person: 'ana' },
  },
])(
  'a catalog source that stays broken is told once, to $to, and said to be good again',
  async ({ config, where }) => {
    const app = await startTestSteward({
      config,
      channels: [{ name: 'ops', members: ['ana'] }],
    });
    const folder = await tempFiles({
      'dbt_project.yml': 'name: shop\nversion: "1.0"\nmodel-paths: [models]\n',
      'models/schema.yml': model,
    });
    const { services } = app.steward;
    const sync = async (): Promise<void> => {
      const now = services.clock.now();
      await syncCatalog(
        services.db,
        [...services.config.catalog.sources, { type: 'dbt-project', name: 'shop', path: folder }],
        { now, signal: AbortSignal.timeout(30_000), secret: () => undefined, fetch, baseDir: folder },
        { now, only: ['shop'], onStanding: tellOfSource(services, now) },
      );
    };
    const news = async (): Promise<string[]> =>
      (await app.messages(where)).map(({ text }) => text).filter((text) => text.includes('source shop'));

    await sync();
    const away = `${folder}-away`;
    await rename(folder, away);
    await sync();
    expect(await news()).toEqual([]);
    await sync();
    await sync();
    await expect.poll(news, { timeout: 15_000 }).toEqual([expect.stringContaining('cannot be read')]);
    expect((await news())[0]).toContain('What it said last stays in force');

    await rename(away, folder);
    await sync();
    await expect.poll(news, { timeout: 15_000 }).toEqual(['The catalog source shop can be read again.']);
  },
);
