import type { Logger } from 'pino';
import { makeWarehouses } from '../access/warehouses.js';
import { makeQuestionLog, type QuestionLog } from '../answers/learning/question-log.js';
import { makeAuthority } from '../authority/authority.js';
import { makeRoleWords } from '../authority/role-words.js';
import { openExecutors } from '../backfills/executors/open.js';
import { catalogVersion, loadCatalog } from '../catalog/load-catalog.js';
import { makeCatalogStore, type RefreshingCatalogStore } from '../catalog/make-store.js';
import { buildIndexInWorker } from '../catalog/search/worker/build-in-worker.js';
import type { Environment } from '../config/env.js';
import type { LoadedConfig } from '../config/load-config.js';
import { connectionSecret, embeddedWarehouseSecret } from '../config/warehouse-address.js';
import { makeDatabaseClock, readClockOffset } from '../db/clock.js';
import { StartRefusedError } from '../errors.js';
import type { Budget } from '../llm/budget.js';
import type { Model, ModelCall } from '../llm/model.js';
import { makeStoredBudget } from '../llm/stored-budget.js';
import { makeDirectory } from '../people/make-directory.js';
import { syncPeople } from '../people/sync-people.js';
import type { Services } from '../services.js';
import { actionTables, makeEngines } from './engines.js';
import type { OpenDatabase } from './open-database.js';
import { makeTicketLookup } from './ticket-lookup.js';

export interface MadeServices {
  services: Services;
  catalog: RefreshingCatalogStore;
  /** Follows the clock row; called by whoever listens. */
  setClockOffset: (ms: number) => void;
  /** Closes what was opened towards warehouses and executors. */
  close: () => Promise<void>;
}

/** Everything a domain function needs, from an open database and a read configuration. */
export async function makeServices(params: {
  env: Environment;
  log: Logger;
  loaded: LoadedConfig;
  database: OpenDatabase;
  /** `stored`: people stay as the database knows them, for commands that only look; else steward.yml's are written first. */
  people?: 'stored';
  redis?: NonNullable<Services['redis']>;
  /** Told about every answer: the metrics. */
  onAnswer?: (answer: { outcome: string; intent: string }) => void;
  /** Told about every call of the model: the metrics. */
  onModelCall?: (call: ModelCall) => void;
}): Promise<MadeServices> {
  const { env, log, loaded, database } = params;
  const { config } = loaded;
  const { db } = database.pool;
  const clock = makeDatabaseClock();
  clock.setOffset(await readClockOffset(db));
  if (params.people !== 'stored') await syncPeople(db, config, clock.now());
  const catalog = await makeCatalogStore(log, {
    version: () => catalogVersion(db),
    load: () => loadCatalog(db, config.catalog),
    buildIndex: buildIndexInWorker,
  });
  const secret = (name: string): string | undefined =>
    name === embeddedWarehouseSecret
      ? database.embedded?.url('steward_provisioner', 'warehouse')
      : env.secret(name);
  const base = { config, secret, clock };
  const warehouses = makeWarehouses(base, { fetch: globalThis.fetch });
  const executors = openExecutors(config, {
    fetch: globalThis.fetch,
    secret,
    baseDir: loaded.baseDir,
    warehouseUrl: (name) => warehouseUrl(config.warehouses, secret, name),
    now: clock.now,
  });
  const kept = makeQuestionLog({ db, log });
  const questions: QuestionLog = {
    ...kept,
    note(asked) {
      params.onAnswer?.({ outcome: asked.answer.outcome, intent: asked.answer.intent });
      kept.note(asked);
    },
  };
  const services = makeEngines({
    ...base,
    db,
    log,
    authority: makeAuthority(actionTables, makeRoleWords(config)),
    directory: makeDirectory(config),
    catalog,
    warehouses,
    executors,
    tickets: makeTicketLookup(config, { fetch: globalThis.fetch, secret }),
    questions,
    ...(params.redis ? { redis: params.redis } : {}),
    model: await modelOf(env, config, makeStoredBudget({ db, log }, config.llm), params.onModelCall),
  });
  return {
    services,
    catalog,
    setClockOffset: clock.setOffset,
    close: async () => {
      await questions.flush();
      await executors.close();
      await warehouses.close();
    },
  };
}

/** The model of OPENAI_*, unless steward.yml switches it off. Its client is loaded only where there is one. */
async function modelOf(
  env: Environment,
  config: LoadedConfig['config'],
  budget: Budget,
  onCall: ((call: ModelCall) => void) | undefined,
): Promise<Model | null> {
  const { apiKey, baseUrl, model } = env.openai;
  if (!apiKey || !config.llm.enabled) return null;
  const { makeModel } = await import('../llm/model.js');
  return makeModel({
    apiKey,
    baseUrl,
    model: config.llm.model ?? model,
    timeoutMs: config.llm.timeoutSeconds * 1_000,
    perPersonPerDay: config.llm.perPersonPerDay,
    tokensPerDay: config.llm.tokensPerDay,
    budget,
    ...(onCall ? { onCall } : {}),
  });
}

/** Connection string of a warehouse of steward.yml: its secret, or the demo's own on the embedded server. */
function warehouseUrl(
  warehouses: LoadedConfig['config']['warehouses'],
  secret: (name: string) => string | undefined,
  name: string,
): string {
  const entry = warehouses.find((candidate) => candidate.name === name);
  const variable = connectionSecret(entry);
  const url = variable === undefined ? undefined : secret(variable);
  if (!url)
    throw new StartRefusedError(
      `warehouses: ${name} has no address here. Set ${variable ?? `warehouses[].url of ${name}`}.`,
    );
  return url;
}
