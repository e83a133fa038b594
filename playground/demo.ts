import { randomBytes } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { history } from '../demo/history.js';
import { demoPath, projectRoot } from '../demo/paths.js';
import { company, demoSecretNames, demoWorkspace, firstQuestions } from '../demo/people.js';
import { loginPasswords, queryAs } from '../demo/warehouse/query-as.js';
import { gatherRegistrations, startSteward } from '../src/app.js';
import type { Cli } from '../src/cli/cli.js';
import { untilSignal } from '../src/cli/serve.js';
import { readEnvironment } from '../src/config/env.js';
import type { DemoReady } from '../src/contract/cli-shapes.js';
import { makeDataDir } from '../src/db/embedded/make-data-dir.js';
import { tellOfChanges } from '../src/releases/tell-of-changes.js';
import { connectSlack } from '../src/runtime/connect-slack.js';
import { makeShutdown } from '../src/runtime/graceful.js';
import { openDatabase } from '../src/runtime/open-database.js';
import { buildManifest } from '../src/slack/manifest.js';
import { makeLogger } from '../src/telemetry/logger.js';
import { makeBehind } from './company/behind.js';
import { companyConfig, readCompanyCatalog } from './company/catalog.js';
import { allowClock, dropDatabases, ensureWarehouse } from './company/databases.js';
import { makeFaultHooks } from './company/faults/hook.js';
import { holdPort } from './company/ports.js';
import { makeProgress } from './company/progress.js';
import { makeStory, type StoryContext } from './company/story.js';
import { playManifest } from './manifest.js';
import { saidBefore } from './seed-history.js';
import { startPlayground } from './server.js';
import { makeFileStorage } from './state/storage.js';

export interface DemoOptions {
  reset?: boolean;
  /** Of the page. Else the environment's PORT, else 4000; a busy one takes the next. */
  port?: string;
  socket?: boolean;
  json?: boolean;
}

const usualPagePort = 4_000;
const usualStewardPort = 3_000;

/** Everything on loopback, in the foreground, one URL printed. State lives in the data folder; deleting that removes it all. */
export async function runDemo(cli: Cli, options: DemoOptions): Promise<void> {
  const dataDir = path.resolve(cli.env.STEWARD_DATA_DIR || '.steward');
  const log = makeLogger(cli.env.LOG_LEVEL || 'error');
  // With --json standard output is one line of JSON, and what is told meanwhile goes beside it.
  const say = options.json ? cli.err : cli.out;
  const progress = makeProgress(say);
  const shutdown = makeShutdown(log);
  const stateFile = path.join(dataDir, 'playground.jsonl');
  const wantedPort = options.port ?? cli.env.PORT;
  const askedPort = wantedPort ? readEnvironment({ PORT: wantedPort }).port : usualPagePort;
  say('Steward demo: no Slack account, no key and no Redis are needed; all of it stays on this machine.');

  if (options.reset) {
    await progress.step('back to day one', async () => {
      await dropDatabases(dataDir);
      await rm(stateFile, { force: true });
      await rm(path.join(dataDir, 'dbt'), { recursive: true, force: true });
    });
  }
  await makeDataDir(dataDir);
  const secret = await demoSecret(dataDir);
  const pageHeld = await holdPort(askedPort);
  shutdown.add('port of the page', pageHeld.release);
  const stewardHeld = await holdPort(usualStewardPort);
  shutdown.add('port of Steward', stewardHeld.release);
  const stewardPort = stewardHeld.port;
  const secretEnv = Object.fromEntries(
    demoSecretNames().map((name) => [name, `${secret}-${name.toLowerCase()}`]),
  );
  const signingSecret = `${secret}-signing`;
  // Two demos on one Redis must not take each other's jobs.
  const queuePrefix = `steward-demo-${secret.slice(0, 8)}`;

  try {
    // The real Slack's variables of this shell must not lead the demo to a real workspace.
    const bare = readEnvironment({
      ...secretEnv,
      STEWARD_DATA_DIR: dataDir,
      STEWARD_CONFIG: demoPath('steward.yml'),
      PORT: String(stewardPort),
      ...pick(cli.env, ['REDIS_URL', 'OPENAI_API_KEY', 'OPENAI_BASE_URL', 'OPENAI_MODEL', 'LOG_LEVEL']),
    });
    const database = await progress.step('PostgreSQL (embedded)', () => openDatabase(bare, log));
    shutdown.add('database', database.close);
    const { embedded } = database;
    if (!embedded) throw new Error('the demo always uses the embedded server');
    await allowClock(embedded);
    await progress.step('warehouse with generated rows', () =>
      ensureWarehouse(embedded, { secret, now: new Date() }),
    );
    const targetDir = path.join(dataDir, 'dbt', 'target');
    const loaded = await companyConfig(targetDir);
    const workspace = demoWorkspace(loaded.config);
    const manifest = playManifest.parse(
      buildManifest(
        gatherRegistrations(),
        loaded.config,
        options.socket ? { socketMode: true } : { url: 'https://steward.example.com/slack/events' },
      ),
    );
    let advance: (ms: number) => Promise<unknown> = async () => undefined;
    const page = { url: '' };
    let storyNow = (): Date => new Date();
    let onChanges: StoryContext['onChanges'] = () => async () => undefined;
    const story = makeStory({
      targetDir,
      loaded,
      embedded,
      db: database.pool.db,
      secret: (name) => secretEnv[name],
      stewardUrl: `http://127.0.0.1:${stewardPort}`,
      now: () => storyNow(),
      onChanges: (now) => onChanges(now),
      say: ({ person, channel, text }) => sayOnPage(page.url, { as: person, channel, text }),
    });
    const playground = await progress.step('stand-in for Slack with its page', async () => {
      await pageHeld.release();
      return startPlayground({
        port: pageHeld.port,
        team: { name: company.name, domain: company.domain },
        manifest,
        people: workspace.people,
        teams: workspace.usergroups,
        channels: workspace.channels,
        history,
        delivery: options.socket
          ? { mode: 'socket' }
          : { mode: 'http', url: `http://127.0.0.1:${stewardPort}/slack/events`, signingSecret },
        storage: makeFileStorage(stateFile),
        pageDir: path.join(projectRoot(), 'dist', 'playground', 'page'),
        log,
        hooks: {
          story,
          warehouse: async ({ as, sql }) => {
            const login = loaded.config.people.find((person) => person.email === as.email)?.warehouse
              .warehouse;
            if (!login) return { ok: false, error: `${as.name} has no login in the warehouse.` };
            return queryAs(
              embedded.url('steward_app', 'warehouse'),
              login,
              loginPasswords(secret)(login),
              sql,
            );
          },
          behind: makeBehind(database.pool.db),
          ...makeFaultHooks({
            warehouseUrl: embedded.url('postgres', 'warehouse'),
            queue: {
              databaseUrl: embedded.url('postgres', 'steward'),
              ...(bare.redisUrl ? { redis: { url: bare.redisUrl, prefix: queuePrefix } } : {}),
            },
          }),
          clockAdvanced: async ({ byMs }) => {
            await advance(byMs);
          },
          questions: firstQuestions.map(({ text }) => ({
            title: text,
            as: 'grace',
            do: 'mention' as const,
            channel: 'data-questions',
            text: `<@steward> ${text}`,
          })),
          startAs: 'grace',
        },
      });
    });
    page.url = playground.url;
    shutdown.add('playground', () => playground.stop());
    await progress.step('catalog from dbt artifacts', () =>
      readCompanyCatalog({
        loaded,
        env: bare,
        log,
        database,
        embedded,
        targetDir,
        say: (said) => saidBefore(playground.world, said),
      }),
    );

    const env = readEnvironment({
      ...secretEnv,
      STEWARD_DATA_DIR: dataDir,
      STEWARD_CONFIG: demoPath('steward.yml'),
      PORT: String(stewardPort),
      SLACK_BOT_TOKEN: playground.botToken,
      SLACK_API_URL: playground.apiUrl,
      ...(options.socket
        ? { SLACK_APP_TOKEN: playground.appToken }
        : { SLACK_SIGNING_SECRET: signingSecret }),
      ...pick(cli.env, ['REDIS_URL', 'OPENAI_API_KEY', 'OPENAI_BASE_URL', 'OPENAI_MODEL', 'LOG_LEVEL']),
    });
    const steward = await progress.step('Steward', async () => {
      const slack = await connectSlack(env, loaded.config);
      return startSteward({
        env,
        loaded,
        log,
        database,
        slack,
        web: true,
        worker: true,
        queuePrefix,
        beforeListening: stewardHeld.release,
      });
    });
    shutdown.add('steward', steward.stop);
    advance = steward.advanceClock;
    storyNow = steward.services.clock.now;
    onChanges = (now) => tellOfChanges(steward.services, now);

    say(
      `Facts: queue on ${env.redisUrl ? 'Redis' : 'PostgreSQL (no Redis is set)'}; answers without a model${env.openai.apiKey ? ` but ${env.openai.model} phrases them` : ' (no key is set)'}; data in ${path.relative(cli.cwd, dataDir) || dataDir}; alerts come in at port ${stewardPort}.`,
    );
    say(
      `Ready in ${progress.totalSeconds()} s. Open this page (Ctrl-C ends it, --reset starts again at day one):`,
    );
    if (options.json) {
      const ready: DemoReady = {
        url: playground.url,
        token: playground.token,
        steward: `http://127.0.0.1:${stewardPort}`,
        seconds: progress.totalSeconds(),
      };
      cli.out(JSON.stringify(ready));
    } else say(`\n  ${playground.url}\n`);
    await untilSignal();
    say('Stopping.');
  } finally {
    await shutdown.run();
  }
}

/** A person of the story writes where everybody sees it: through the same control API as everyone else. */
async function sayOnPage(
  pageUrl: string,
  said: { as: string; channel: string; text: string },
): Promise<void> {
  const url = new URL(pageUrl);
  const answer = await fetch(new URL(`/_play/act${url.search}`, url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ do: 'message', ...said }),
  });
  if (!answer.ok) throw new Error(`the story could not be told: ${await answer.text()}`);
}

/** One secret of this data folder: tokens, logins and webhook keys of the demo are made from it. */
async function demoSecret(dataDir: string): Promise<string> {
  const file = path.join(dataDir, 'demo.secret');
  const known = await readFile(file, 'utf8').catch(() => null);
  if (known) return known.trim();
  const fresh = randomBytes(18).toString('hex');
  await writeFile(file, fresh, { mode: 0o600 });
  return fresh;
}

function pick(env: NodeJS.ProcessEnv, names: readonly string[]): NodeJS.ProcessEnv {
  return Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
}
