import type { Logger } from 'pino';
import { embeddedWarehouseSecret } from '../access/provisioners/postgres/index.js';
import { makeWarehouses } from '../access/warehouses.js';
import type { ActionTable } from '../authority/authority.js';
import { makeAuthority } from '../authority/authority.js';
import { catalogVersion, loadCatalog } from '../catalog/load-catalog.js';
import { makeCatalogStore, type RefreshingCatalogStore } from '../catalog/make-store.js';
import { buildIndexInWorker } from '../catalog/search/worker/build-in-worker.js';
import type { Environment } from '../config/env.js';
import type { LoadedConfig } from '../config/load-config.js';
import { makeDatabaseClock, readClockOffset } from '../db/clock.js';
import { makeDirectory } from '../people/make-directory.js';
import { syncPeople } from '../people/sync-people.js';
import type { Services } from '../services.js';
import { actionTables, makeEngines } from './engines.js';
import type { OpenDatabase } from './open-database.js';

export interface MadeServices {
  services: Services;
  catalog: RefreshingCatalogStore;
  /** Follows the clock row; called by whoever listens. */
  setClockOffset: (ms: number) => void;
}

/** Everything a domain function needs, from an open database and a read configuration. */
export async function makeServices(params: { env: Environment; log: Logger; loaded: LoadedConfig; database: OpenDatabase }): Promise<MadeServices> {
  const { env, log, loaded, database } = params;
  const { db } = database.pool;
  const clock = makeDatabaseClock();
  clock.setOffset(await readClockOffset(db));
  await syncPeople(db, loaded.config, clock.now());
  const catalog = await makeCatalogStore(log, {
    version: () => catalogVersion(db),
    load: () => loadCatalog(db),
    buildIndex: buildIndexInWorker,
  });
  const tables: readonly ActionTable[] = actionTables;
  const secret = (name: string): string | undefined =>
    name === embeddedWarehouseSecret && database.embedded ? database.embedded.url('steward_provisioner', 'warehouse') : env.secret(name);
  const base = {
    db,
    clock,
    log,
    config: loaded.config,
    authority: makeAuthority(tables),
    directory: makeDirectory(loaded.config),
    catalog,
    secret,
    warehouses: makeWarehouses({ config: loaded.config, clock, secret }, { fetch: globalThis.fetch }),
  };
  return { services: makeEngines(base), catalog, setClockOffset: clock.setOffset };
}
