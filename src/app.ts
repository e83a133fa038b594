import type { Logger } from 'pino';
import { commands } from '../commands/registry.js';
import {
  actionHandlers,
  eventHandlers,
  optionsHandlers,
  shortcutHandlers,
  viewHandlers,
} from '../handlers/registry.js';
import { anchorFile } from './audit/anchor-file.js';
import type { Environment } from './config/env.js';
import type { LoadedConfig } from './config/load-config.js';
import { advanceClock } from './db/clock.js';
import type { EffectServices } from './effects/effect.js';
import { onCallSchedule } from './effects/people-on-call.js';
import { usergroupSchedule } from './effects/people-usergroups.js';
import { effects } from './effects/registry.js';
import {
  armSchedules,
  auditPurgeSchedule,
  headSchedule,
  retentionSchedule,
  sealSchedule,
} from './effects/schedules.js';
import { makeConfirmRoutes } from './http/confirm/routes.js';
import { type HttpServer, startHttpServer } from './http/server.js';
import { startDispatcher } from './jobs/dispatcher.js';
import { makePostgresBackend, makeRedisBackend, queueNames } from './jobs/queues.js';
import { makeInboxRunner } from './jobs/run-inbox.js';
import { makeOutboxRunner } from './jobs/run-outbox.js';
import { startWorkers } from './jobs/workers.js';
import { auditKeyOf } from './runtime/audit-key.js';
import type { SlackConnection } from './runtime/connect-slack.js';
import {
  domainSchedules,
  onNewCatalog,
  prepareDomains,
  receiveWebhook,
  statusFeed,
  workWebhook,
} from './runtime/domains.js';
import { syncIfNeverSynced } from './runtime/first-sync.js';
import { makeShutdown, type Shutdown } from './runtime/graceful.js';
import { makeServices } from './runtime/make-services.js';
import type { OpenDatabase } from './runtime/open-database.js';
import { openInSlack } from './runtime/open-in-slack.js';
import { answersInTime, requireQueue } from './runtime/require-queue.js';
import { resolveChannels } from './runtime/resolve-channels.js';
import { warmUp } from './runtime/warm-up.js';
import type { Services } from './services.js';
import { makeBoltApp, makeHttpReceiver, makeSilentReceiver } from './slack/bolt-app.js';
import { makeIdentity } from './slack/caller.js';
import { makeEdge } from './slack/edge/edge.js';
import { homeSections } from './slack/home/registry.js';
import { makeIntake } from './slack/intake.js';
import { makeOwnWords } from './slack/own-words.js';
import type { Registrations } from './slack/registrations.js';
import { slackListener } from './slack/slack-listener.js';
import { makeSocketReceiver } from './slack/socket-receiver.js';
import { countModelCall } from './telemetry/count-model-call.js';
import { type Metrics, makeMetrics } from './telemetry/metrics.js';
import { makeMetricsRoute } from './telemetry/metrics-route.js';

/** What commands/ and handlers/ offer; this page alone knows those folders. */
export function gatherRegistrations(): Registrations {
  return {
    commands,
    actions: actionHandlers,
    views: viewHandlers,
    options: optionsHandlers,
    shortcuts: shortcutHandlers,
    events: eventHandlers,
    home: homeSections,
  };
}

export interface StewardParams {
  env: Environment;
  loaded: LoadedConfig;
  log: Logger;
  database: OpenDatabase;
  slack: SlackConnection;
  web: boolean;
  worker: boolean;
  /** Keeps several installations on one Redis apart. */
  queuePrefix?: string;
  /** Right before the door opens: whoever holds its port lets go of it. */
  beforeListening?: () => Promise<void>;
  /** Told about every piece of work: the demo's "behind this" pane. */
  onRun?: (run: { kind: string; key: string; outcome: string; ms: number; error?: string }) => void;
}

export interface Steward {
  services: Services;
  metrics: Metrics;
  http: HttpServer | null;
  /** Demo only: moves domain time for every process. */
  advanceClock: (ms: number) => Promise<number>;
  refreshCatalog: () => Promise<void>;
  /** Drains, then closes everything but the database, which its opener closes last. */
  stop: () => Promise<void>;
}

/** Starts everything. Refuses (StartRefusedError) rather than to run half: what was already opened is closed again. */
export async function startSteward(params: StewardParams): Promise<Steward> {
  const shutdown = makeShutdown(params.log);
  try {
    return await wire(params, shutdown);
  } catch (error) {
    await shutdown.run();
    throw error;
  }
}

async function wire(params: StewardParams, shutdown: Shutdown): Promise<Steward> {
  const { env, log, database, slack } = params;
  const metrics = makeMetrics();
  const config = await resolveChannels(params.loaded.config, slack.client, log);
  const loaded = { ...params.loaded, config };
  const onQueueError = (error: Error): void => log.warn({ err: error }, 'the queue backend has trouble');
  const backend = env.redisUrl
    ? makeRedisBackend(env.redisUrl, params.queuePrefix ?? queuePrefixOf(database.url), onQueueError)
    : makePostgresBackend(database.url, onQueueError);
  shutdown.add('queue backend', backend.close);
  await requireQueue(env.redisUrl, backend.ping);

  const { services, catalog, setClockOffset, close } = await makeServices({
    env,
    log,
    loaded,
    database,
    ...(env.redisUrl ? { redis: { ping: backend.ping } } : {}),
    onAnswer: ({ outcome, intent }) => metrics.answers.inc({ outcome, intent }),
    onModelCall: (call) => {
      countModelCall(metrics, call, config.llm.prices);
      const { task, outcome, fault } = call;
      if (fault) log.warn({ task, outcome, ...fault }, 'the model gave no answer; `steward doctor` says why');
    },
  });
  const flushing = setInterval(() => void services.questions.flush(), 5_000);
  shutdown.add('questions', async () => clearInterval(flushing));
  shutdown.add('warehouses', close);
  const { db, clock } = services;
  await prepareDomains(services, loaded);
  if (params.worker) await syncIfNeverSynced(services, loaded, catalog.refresh);
  const auditKey = await auditKeyOf(env, database.embedded !== null);

  const identify = makeIdentity(services, { slack: slack.client, teamId: slack.identity.teamId });
  const edge = makeEdge(services, {
    registrations: gatherRegistrations(),
    slack: slack.client,
    identify,
    teamId: slack.identity.teamId,
    botUserId: slack.identity.botUserId,
    fetch: globalThis.fetch,
  });
  shutdown.add('replies', edge.settled);
  const intake = makeIntake({
    db,
    clock,
    log,
    edge,
    ownWords: makeOwnWords(config.slack.commands),
    onAck: ({ kind, ms }) => metrics.ackSeconds.observe({ kind }, ms / 1_000),
  });
  const socket =
    params.web && env.slack.appToken
      ? await makeSocketReceiver({ appToken: env.slack.appToken, apiUrl: env.slack.apiUrl, log })
      : null;
  const http =
    params.web && !socket ? makeHttpReceiver({ signingSecret: env.slack.signingSecret ?? '', log }) : null;
  const receiver = socket ?? http ?? makeSilentReceiver();
  const bolt = makeBoltApp({
    receiver,
    identity: slack.identity,
    edge,
    apiUrl: env.slack.apiUrl,
    log,
    now: clock.now,
  });
  receiver.init(intake.wrap(bolt, socket ? 'socket' : 'http'));

  const refresh = (): Promise<void> =>
    catalog
      .refresh()
      .catch((error: unknown) =>
        log.error({ err: error }, 'the newer catalog could not be loaded; the old one goes on'),
      );

  const abort = new AbortController();
  if (params.worker) {
    const effectServices: EffectServices = Object.defineProperty(
      { ...services, slack: slack.client, fetch: globalThis.fetch },
      'approvals',
      { get: () => services.approvals },
    );
    const schedules = [
      usergroupSchedule,
      onCallSchedule,
      retentionSchedule,
      headSchedule(anchorFile(loaded)),
      auditPurgeSchedule(auditKey),
      ...(auditKey ? [sealSchedule(auditKey)] : []),
      ...domainSchedules(loaded),
    ];
    const registered = new Map([...effects, ...schedules].map((effect) => [effect.kind, effect]));
    const observe = (run: {
      kind: string;
      key: string;
      outcome: string;
      ms: number;
      error?: string;
    }): void => {
      metrics.work.inc({ kind: run.kind, outcome: run.outcome });
      metrics.workSeconds.observe({ kind: run.kind }, run.ms / 1_000);
      params.onRun?.(run);
    };
    const runOutbox = makeOutboxRunner(effectServices, {
      effects: registered,
      signal: abort.signal,
      onRun: observe,
    });
    const runInbox = makeInboxRunner(
      { db, clock, log },
      {
        handle: (row) =>
          row.transport === 'webhook' ? workWebhook(services, row) : intake.redrive(bolt, row),
        onRun: observe,
      },
    );
    const queues = new Map(queueNames.map((name) => [name, backend.makeQueue(name)]));
    const workers = startWorkers(backend, { runOutbox, runInbox });
    const onClock = (offset: number): void => setClockOffset(offset);
    await armSchedules(
      db,
      schedules.map((schedule) => schedule.kind),
      clock.now(),
    );
    const dispatcher = await startDispatcher(
      { db, clock, log },
      {
        databaseUrl: database.url,
        queues,
        onClock,
        onCatalog: () => void refresh().then(() => onNewCatalog(services)),
      },
    );
    shutdown.add('queues', async () => {
      for (const queue of queues.values()) await queue.close();
    });
    shutdown.add('workers', async () => {
      abort.abort();
      await workers.stop();
    });
    shutdown.add('dispatcher', dispatcher.stop);
  } else {
    // A web-only process still follows the clock and the catalog; its jobs are added by a worker's dispatcher.
    const follower = await startDispatcher(
      { db, clock, log },
      {
        databaseUrl: database.url,
        queues: new Map(),
        onClock: setClockOffset,
        onCatalog: () => void refresh(),
      },
    );
    shutdown.add('follower', follower.stop);
  }

  await warmUp(services);
  let server: HttpServer | null = null;
  if (params.web) {
    await params.beforeListening?.();
    server = await startHttpServer(log, {
      port: env.port,
      host: env.host,
      ...(http ? { slackEvents: slackListener(http, env.slack.signingSecret ?? '') } : {}),
      webhook: (source, id, request) =>
        receiveWebhook(services, { source, endpointId: id, ...request, now: clock.now() }),
      statusFeed: () => statusFeed(services),
      confirm: makeConfirmRoutes(services),
      open: () => openInSlack(slack.identity),
      ready: () => isReady(services, backend.ping, socket),
      metrics: makeMetricsRoute(services, metrics, { host: env.host, token: env.metricsToken }),
    });
    shutdown.add('http', server.stop);
    if (socket) {
      await socket.start();
      shutdown.add('socket', async () => socket.stop());
    }
  }
  return {
    services,
    metrics,
    http: server,
    advanceClock: (ms) => advanceClock(db, ms),
    refreshCatalog: catalog.refresh,
    stop: shutdown.run,
  };
}

async function isReady(
  services: Services,
  ping: () => Promise<void>,
  socket: { connected: () => boolean } | null,
): Promise<boolean> {
  const asked = async (): Promise<void> => {
    await Promise.all([services.db.selectFrom('clock').select('id').execute(), ping()]);
  };
  try {
    // Whoever probes waits a second or two: what hangs is as far away as what refuses.
    await answersInTime(asked, 2_000);
    return socket === null || socket.connected();
  } catch {
    return false;
  }
}

/** Two installations on one Redis must not take each other's jobs: each queue carries the name of its database. */
function queuePrefixOf(databaseUrl: string): string {
  return `steward-${new URL(databaseUrl).pathname.slice(1)}`;
}
