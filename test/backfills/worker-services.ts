import { pino } from 'pino';
import { makeApprovals } from '../../src/approvals/make-approvals.js';
import { makeAuthority } from '../../src/authority/authority.js';
import { makeRoleWords } from '../../src/authority/role-words.js';
import { backfillActions } from '../../src/backfills/authority.js';
import { openExecutors } from '../../src/backfills/executors/open.js';
import { makeBackfillSubject } from '../../src/backfills/subject.js';
import { buildIndex } from '../../src/catalog/search/build-index.js';
import { makeCatalog } from '../../src/catalog/snapshot.js';
import { stewardConfig } from '../../src/config/steward-schema.js';
import { makePool } from '../../src/db/pool.js';
import type { EffectServices } from '../../src/effects/effect.js';
import { makeDirectory } from '../../src/people/make-directory.js';
import { noon, ordersCatalog } from './company.js';
import type { WorkerSettings } from './processes.js';

/** What a worker that runs as a process of its own works with: the test's database, warehouse and company. */
export function makeWorkerServices(settings: WorkerSettings, own: Partial<EffectServices> = {}) {
  const config = stewardConfig.parse(settings.config);
  const pool = makePool(settings.database, { max: 4, name: 'worker' });
  const clock = {
    now: () => new Date(noon.getTime() + (Date.now() - settings.startedAt) * (settings.speed ?? 1)),
    offsetMs: () => 0,
  };
  const view = makeCatalog([{ source: 'shop', type: 'test', snapshot: ordersCatalog() }]);
  const loaded = { version: view.version, view, index: buildIndex(view.assets()), syncedAt: null };
  const services = {
    db: pool.db,
    clock,
    log: pino({ level: 'silent' }),
    config,
    authority: makeAuthority([backfillActions], makeRoleWords(config)),
    directory: makeDirectory(config),
    catalog: { current: () => loaded },
    secret: () => undefined,
    executors: openExecutors(config, {
      fetch: globalThis.fetch,
      secret: () => 'secret',
      baseDir: process.cwd(),
      warehouseUrl: () => settings.warehouse,
      now: () => new Date(),
    }),
    fetch: globalThis.fetch,
    ...own,
  } as unknown as EffectServices;
  Object.assign(services, {
    approvals: makeApprovals(services, { subjects: { backfill: makeBackfillSubject(services) } }),
  });
  return { pool, clock, services };
}
