import { stewardConfig } from '../config/steward-schema.js';
import { botScopes } from '../slack/manifest.js';
import { configurationKeys } from './configuration-keys.js';
import { configurationMeanings } from './configuration-meanings.js';

/** Environment variables as the README prints them. A test holds the names against what `src/config/env.ts` reads. */
export const environmentVariables: readonly { name: string; meaning: string; fallback: string }[] = [
  { name: 'SLACK_BOT_TOKEN', meaning: 'Bot token, `xoxb-…`.', fallback: 'none; `serve` needs it' },
  {
    name: 'SLACK_APP_TOKEN',
    meaning: 'App-level token, `xapp-…`: Socket Mode, no public address.',
    fallback: 'none: HTTP',
  },
  {
    name: 'SLACK_SIGNING_SECRET',
    meaning: 'Checks that requests come from Slack.',
    fallback: 'none; needed without `SLACK_APP_TOKEN`',
  },
  {
    name: 'SLACK_API_URL',
    meaning: "Another address of Slack's Web API (the playground).",
    fallback: "Slack's",
  },
  {
    name: 'DATABASE_URL',
    meaning: 'PostgreSQL 15 or newer, `postgres://…`.',
    fallback: 'a PostgreSQL of its own under `STEWARD_DATA_DIR`',
  },
  { name: 'STEWARD_DATA_DIR', meaning: 'Folder of its own PostgreSQL.', fallback: '`.steward`' },
  {
    name: 'REDIS_URL',
    meaning: 'Redis for the work queues, `redis://…`.',
    fallback: 'the queues are in the same PostgreSQL',
  },
  {
    name: 'PORT',
    meaning: 'Port of Slack deliveries, alerts, health, metrics. For `demo`: of its page, 4000 when unset.',
    fallback: '`3000`',
  },
  { name: 'HOST', meaning: 'Address to listen on; `0.0.0.0` in a container.', fallback: '`127.0.0.1`' },
  { name: 'STEWARD_CONFIG', meaning: 'The configuration file.', fallback: '`steward.yml`' },
  {
    name: 'STEWARD_AUDIT_KEY',
    meaning: 'Key of the audit chain, at least 16 characters. Keep it away from the database.',
    fallback: 'with its own PostgreSQL one is made in `STEWARD_DATA_DIR`; else rows are not sealed',
  },
  {
    name: 'STEWARD_METRICS_TOKEN',
    meaning: 'Bearer token of `/metrics` when `HOST` is not loopback.',
    fallback: 'none: `/metrics` is closed there',
  },
  {
    name: 'OPENAI_API_KEY',
    meaning: 'Key of an OpenAI-compatible model.',
    fallback: 'none: no model is asked',
  },
  { name: 'OPENAI_BASE_URL', meaning: 'Its address.', fallback: "OpenAI's" },
  { name: 'OPENAI_MODEL', meaning: 'Its name.', fallback: '`gpt-5-mini`' },
  {
    name: 'LOG_LEVEL',
    meaning: '`fatal`, `error`, `warn`, `info`, `debug`, `trace` or `silent`.',
    fallback: '`info`',
  },
];

export function environmentTable(): string {
  const rows = environmentVariables.map(
    ({ name, meaning, fallback }) => `| \`${name}\` | ${meaning} | ${fallback} |`,
  );
  return ['| variable | meaning | when unset |', '|---|---|---|', ...rows].join('\n');
}

/** The rows are the three fields alone; which of them are optional is said below the table. */
export function scopeTable(): string {
  const rows = botScopes.map((use) => `| \`${use.scope}\` | ${use.feature} | ${use.without} |`);
  const optional = botScopes.filter((use) => use.optional).map((use) => `\`${use.scope}\``);
  return [
    '| scope | feature | without |',
    '|---|---|---|',
    ...rows,
    '',
    `Optional: ${optional.join(', ')}.`,
  ].join('\n');
}

/** Replaces what stands between `<!-- generated: name -->` and the next `<!-- generated: end -->`. Throws where the marks are missing. */
export function withGenerated(page: string, name: string, text: string): string {
  const begin = `<!-- generated: ${name} -->`;
  const end = '<!-- generated: end -->';
  const from = page.indexOf(begin);
  const to = page.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`the page has no place for ${name}: ${begin} … ${end}`);
  return `${page.slice(0, from + begin.length)}\n\n${text.trim()}\n\n${page.slice(to)}`;
}

/** Every key of steward.yml with its type, default and meaning. Throws when a key has no meaning, or a meaning no key. */
export function configurationTable(): string {
  const keys = configurationKeys(stewardConfig);
  const known = new Set(keys.map((key) => key.path));
  const shared = (path: string): string => path.replace(/^teams\[\]\.calendar\./, 'calendar.');
  const stray = Object.keys(configurationMeanings).filter((path) => !known.has(path));
  const silent = keys
    .filter((key) => configurationMeanings[shared(key.path)] === undefined)
    .map((key) => key.path);
  if (stray.length > 0 || silent.length > 0)
    throw new Error(
      `src/contract/configuration-meanings.ts: ${[...stray.map((path) => `${path} is no key`), ...silent.map((path) => `${path} has no meaning`)].join(', ')}`,
    );
  const rows = keys.map((key) => {
    const fallback = key.required ? '**required**' : key.fallback === null ? '' : `\`${key.fallback}\``;
    return `| \`${key.path}\` | ${key.type} | ${fallback} | ${configurationMeanings[shared(key.path)]} |`;
  });
  return ['| key | type | default | meaning |', '|---|---|---|---|', ...rows].join('\n');
}
