import { z } from 'zod';
import { checkCases } from '../approvals/policy/check-cases.js';
import { parsePolicy } from '../approvals/policy/parse-policy.js';
import { readPolicyFiles } from '../approvals/policy/policy-store.js';
import { type Environment, readEnvironment } from '../config/env.js';
import { type LoadedConfig, loadConfig } from '../config/load-config.js';
import { makePostgresBackend, makeRedisBackend } from '../jobs/queues.js';
import { checkPeople } from '../people/check-people.js';
import { makeSlackClient } from '../slack/client.js';
import { botScopes } from '../slack/manifest.js';
import { platformError } from '../slack/slack-errors.js';
import { makeLogger } from '../telemetry/logger.js';
import { readStatus } from '../telemetry/status.js';
import { makeServices } from './make-services.js';
import { type OpenDatabase, openDatabase } from './open-database.js';
import { queueAnswers } from './require-queue.js';

/** What `steward doctor --json` writes, under `checks`. */
export const DoctorCheck = z.object({
  name: z.string(),
  level: z.enum(['ok', 'warning', 'error']),
  text: z.string(),
  /** One line: what to do. */
  remedy: z.string().optional(),
});
export type DoctorCheck = z.infer<typeof DoctorCheck>;

/** Looks at everything Steward needs, one after the other; a part that fails does not hide the next. */
export async function runDoctor(processEnv: NodeJS.ProcessEnv): Promise<DoctorCheck[]> {
  const checks: DoctorCheck[] = [];
  const say = (name: string, level: DoctorCheck['level'], text: string, remedy?: string): void => {
    checks.push({ name, level, text, ...(remedy ? { remedy } : {}) });
  };
  const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));

  let env: Environment;
  try {
    env = readEnvironment(processEnv);
    say('Environment', 'ok', 'every variable that is set is well formed');
  } catch (error) {
    say('Environment', 'error', reason(error), 'correct the variable it names');
    return checks;
  }
  let loaded: LoadedConfig | null = null;
  try {
    loaded = await loadConfig(env.configFile);
    say(
      'Configuration',
      'ok',
      `${env.configFile}: ${loaded.config.people.length} people, ${loaded.config.teams.length} teams, ${loaded.config.catalog.sources.length} catalog sources`,
    );
  } catch (error) {
    say('Configuration', 'error', reason(error), 'correct the key it names');
  }

  await checkSlack(env, say);
  const database = await checkDatabase(env, say, reason);
  try {
    if (database) await checkQueue(env, database, say, reason);
    if (loaded) {
      for (const finding of checkPeople(loaded.config).slice(0, 20))
        say(
          'People',
          finding.level,
          finding.message.replace(/^people: /, ''),
          'correct steward.yml, then `steward people check`',
        );
      await checkPolicies(loaded, say, reason);
    }
    if (database && loaded) {
      const made = await makeServices({ env, log: makeLogger('silent'), loaded, database });
      for (const line of await readStatus(made.services, made.services.clock.now()))
        say(line.name, line.level, line.text, line.level === 'ok' ? undefined : remedies[line.name]);
      await made.close();
    }
  } catch (error) {
    say('Services', 'error', reason(error), 'correct what it names');
  } finally {
    await database?.close();
  }
  return checks;
}

const remedies: Record<string, string> = {
  Work: 'start a worker: `steward serve` or `steward serve --worker-only`',
  'Given up': 'read the log of these failures; mend the cause and ask again',
  Catalog: '`steward catalog sync` says what is wrong with each source',
  People: 'people appear when they first write to Steward, or by `slack:` in steward.yml',
};

type Say = (name: string, level: DoctorCheck['level'], text: string, remedy?: string) => void;

async function checkSlack(env: Environment, say: Say): Promise<void> {
  const { botToken, signingSecret, appToken, apiUrl } = env.slack;
  if (!botToken)
    return say(
      'Slack token',
      'error',
      'SLACK_BOT_TOKEN is not set',
      "copy the bot token from the app's OAuth page",
    );
  const client = makeSlackClient(botToken, apiUrl);
  try {
    const answer = await client.auth.test();
    say(
      'Slack token',
      'ok',
      `${answer.user ?? 'the bot'} in ${answer.team ?? 'a workspace'} (${answer.team_id ?? '?'})`,
    );
    const granted = new Set(answer.response_metadata?.scopes ?? []);
    const lacking = botScopes.filter((use) => granted.size > 0 && !granted.has(use.scope));
    for (const use of lacking)
      say(
        'Slack scopes',
        use.optional ? 'warning' : 'error',
        `${use.scope} is missing. ${use.without}`,
        'reinstall the app from manifest.yml',
      );
    if (granted.size > 0 && lacking.length === 0) say('Slack scopes', 'ok', `${granted.size} granted`);
    const offset = Math.abs(Date.now() - Date.parse(dateOf(answer))) / 1000;
    if (Number.isFinite(offset) && offset > 60)
      say(
        'Clock',
        'error',
        `this machine is ${Math.round(offset)} s away from Slack's clock; signatures will be refused`,
        'switch on time synchronisation',
      );
  } catch (error) {
    say(
      'Slack token',
      'error',
      `Slack refuses it or does not answer (${platformError(error) ?? (error instanceof Error ? error.message : 'unknown')})`,
      'copy the bot token again; check the network',
    );
  }
  if (appToken) say('Slack delivery', 'ok', 'Socket Mode: no public address is needed');
  else if (signingSecret)
    say('Slack delivery', 'ok', `HTTP on port ${env.port}: POST /slack/events must be reachable from Slack`);
  else
    say(
      'Slack delivery',
      'error',
      'neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set',
      "copy the signing secret from the app's Basic Information",
    );
}

/** Slack's own time, where the reply carries it. */
function dateOf(answer: object): string {
  const parsed = z.looseObject({ headers: z.looseObject({ date: z.string() }) }).safeParse(answer);
  return parsed.success ? parsed.data.headers.date : '';
}

async function checkDatabase(
  env: Environment,
  say: Say,
  reason: (error: unknown) => string,
): Promise<OpenDatabase | null> {
  try {
    const database = await openDatabase(env, makeLogger('silent'), { max: 4 });
    const { rows } = await database.pool.pg.query<{
      superuser: boolean;
      role: string;
      version: string;
      offset: string;
    }>(
      `select rolsuper as superuser, current_user as role, current_setting('server_version') as version, extract(epoch from clock_timestamp())::text as offset from pg_roles where rolname = current_user`,
    );
    const row = rows[0];
    say(
      'Database',
      row?.superuser ? 'warning' : 'ok',
      `PostgreSQL ${row?.version ?? '?'} as ${row?.role ?? '?'}${env.databaseUrl ? '' : ', embedded'}`,
      row?.superuser ? 'connect as a role without superuser rights (docs/operations.md)' : undefined,
    );
    const apart = Math.abs(Number(row?.offset ?? 0) - Date.now() / 1000);
    if (apart > 30)
      say(
        'Clock',
        'warning',
        `this machine and the database are ${Math.round(apart)} s apart`,
        'switch on time synchronisation on both',
      );
    if (!env.auditKey && env.databaseUrl)
      say(
        'Audit',
        'warning',
        'STEWARD_AUDIT_KEY is not set: the audit trail is written but not sealed',
        'set it to a long random text and keep a copy elsewhere',
      );
    return database;
  } catch (error) {
    say(
      'Database',
      'error',
      reason(error),
      env.databaseUrl ? '`steward migrate`, or correct DATABASE_URL' : 'see the log in the data folder',
    );
    return null;
  }
}

async function checkQueue(
  env: Environment,
  database: OpenDatabase,
  say: Say,
  reason: (error: unknown) => string,
): Promise<void> {
  const backend = env.redisUrl
    ? makeRedisBackend(env.redisUrl, 'steward', () => undefined)
    : makePostgresBackend(database.url, () => undefined);
  try {
    await queueAnswers(backend.ping);
    say('Queue', 'ok', env.redisUrl ? 'Redis answers' : 'on PostgreSQL, in the same database');
  } catch (error) {
    say(
      'Queue',
      'error',
      reason(error),
      env.redisUrl ? 'start Redis, or correct REDIS_URL' : '`steward migrate` makes the queue tables',
    );
  } finally {
    await backend.close().catch(() => undefined);
  }
}

async function checkPolicies(
  loaded: LoadedConfig,
  say: Say,
  reason: (error: unknown) => string,
): Promise<void> {
  const { files } = loaded.config.policies;
  if (files.length === 0)
    return say(
      'Policies',
      'warning',
      'none: every request for access or a backfill will be refused',
      'name files under policies.files',
    );
  try {
    const policy = parsePolicy(await readPolicyFiles(loaded.baseDir, files));
    const failed = checkCases(policy).filter((item) => !item.ok);
    if (failed.length > 0)
      say(
        'Policies',
        'error',
        `${failed.length} cases are decided differently: ${failed[0]?.name}`,
        '`steward policy check` shows them',
      );
    else say('Policies', 'ok', `${policy.rules.length} rules, ${policy.cases.length} cases pass`);
  } catch (error) {
    say(
      'Policies',
      'error',
      reason(error),
      'correct the line it names; the last good policy stays in force meanwhile',
    );
  }
}
