import { expect, it } from 'vitest';
import { readEnvironment } from './env.js';
import { parseConfig } from './load-config.js';
import { parseDurationMs } from './schema-values.js';

it.each([
  [{ PORT: 'abc' }, 'PORT: must be a whole number'],
  [{ PORT: '70000' }, 'PORT: must be a whole number'],
  [{ DATABASE_URL: 'mysql://x' }, 'DATABASE_URL: must be a URL starting with postgres://'],
  [{ REDIS_URL: 'localhost:6379' }, 'REDIS_URL: must be a URL'],
  [{ SLACK_BOT_TOKEN: 'xoxp-1' }, 'SLACK_BOT_TOKEN: must start with xoxb-'],
  [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL:'],
  [{ STEWARD_AUDIT_KEY: 'short' }, 'STEWARD_AUDIT_KEY: must have at least 16 characters'],
])('refuses %o in one line that names it', (env, message) => {
  expect(() => readEnvironment(env)).toThrow(message);
  try {
    readEnvironment(env);
  } catch (error) {
    expect(String(error)).not.toContain('\n');
  }
});

it('counts an empty variable as unset', () => {
  expect(readEnvironment({ PORT: '', DATABASE_URL: '' })).toMatchObject({
    port: 3000,
    host: '127.0.0.1',
    databaseUrl: undefined,
  });
});

it.each([
  ['slack:\n  chanels: {}\n', 'steward.yml:2: slack.chanels'],
  ['people:\n  - name: Ana\n', 'steward.yml:2: people.0.email: is missing; give text'],
  ['teams:\n  - id: Data Team\n', 'steward.yml:2: teams.0.id: write it with lower-case letters'],
  [
    'incidents:\n  endpoints:\n    - source: dbt\n      id: nightly_1\n      auth: { type: bearer, secrets: [{ env: T }] }\n',
    'steward.yml:4: incidents.endpoints.0.id: write it with lower-case letters, digits and -',
  ],
  ['people: nobody\n', 'steward.yml:1: people: must be a list'],
  ['tiers:\n  - { tier: gold, name: Gold }\n', 'steward.yml:2: tiers.0.tier: must be a number'],
  ['people:\n  - email: not-an-address\n', 'steward.yml:2: people.0.email'],
  ['calendar:\n  timeZone: Mars/Base\n', 'steward.yml:2: calendar.timeZone'],
  [
    'calendar:\n  hours: { from: "17:00", to: "09:00" }\n',
    'steward.yml:2: calendar.hours: work must end later',
  ],
  ['retention:\n  inbox: soon\n', 'steward.yml:2: retention.inbox'],
  [
    'incidents:\n  updates:\n    - wrong: "{table} is late"\n',
    'steward.yml:3: incidents.updates.0.wrong: {table} is nothing that can be put in; there is {assets}',
  ],
  [
    'incidents:\n  updates:\n    - wrong: late\n    - severity: [sev9]\n      wrong: late\n',
    'steward.yml:4: incidents.updates.1.severity: there is no severity sev9; there is sev1, sev2, sev3',
  ],
  [
    'incidents:\n  rules:\n    - name: x\n      on: declare\n      when: { severty: sev1 }\n      do: [{ action: accept }]\n',
    'steward.yml:5: incidents.rules.0.when.severty',
  ],
  [
    'incidents:\n  rules:\n    - name: x\n      on: declare\n      do:\n        - { action: post, chanel: finance }\n',
    'steward.yml:6: incidents.rules.0.do.0',
  ],
  [
    'incidents:\n  plannedWork:\n    - asset: orders\n      from: 2026-03-02T09:00:00Z\n      to: 2026-03-02T12:00:00Z\n      reason: moves\n      untill: x\n',
    'steward.yml:7: incidents.plannedWork.0.untill',
  ],
  [
    'incidents:\n  plannedWork:\n    - asset: orders\n      from: 2026-03-02T09:00:00\n      to: 2026-03-02T12:00:00Z\n      reason: moves\n',
    'steward.yml:4: incidents.plannedWork.0.from',
  ],
  [
    'incidents:\n  plannedWork:\n    - asset: orders\n      from: 2026-03-02T09:00:00+01:00\n      to: 2026-03-02T08:00:00Z\n      reason: moves\n',
    'steward.yml:5: incidents.plannedWork.0.to: has to be later than `from`',
  ],
  [
    'incidents:\n  webhooks:\n    - url: https://hook.example/\n      secret: { env: HOOK }\n      event: closed\n',
    'steward.yml:5: incidents.webhooks.0.event',
  ],
  [
    'incidents:\n  severityByTier:\n    "1": sev0\n',
    'steward.yml:3: incidents.severityByTier.1: there is no severity sev0; there is sev1, sev2, sev3',
  ],
  [
    'incidents:\n  rules:\n    - name: x\n      on: alert\n      when: { severity: [sev1, sev9] }\n      do: [{ action: accept }]\n',
    'steward.yml:5: incidents.rules.0.when.severity: there is no severity sev9',
  ],
  [
    'incidents:\n  rules:\n    - name: x\n      on: declare\n      do:\n        - { action: page, pager: nobody }\n',
    'steward.yml:6: incidents.rules.0.do.0.pager: incidents.pagers has no nobody',
  ],
  [
    'incidents:\n  rules:\n    - name: x\n      on: declare\n      do:\n        - { action: webhook }\n',
    'steward.yml:6: incidents.rules.0.do.0.index: incidents.webhooks has no entry 0; the first is 0',
  ],
  ['incidents:\n  updates:\n    - eta: soon\n', 'steward.yml:3: incidents.updates.0.eta'],
  ['slack:\n  commands:\n    access: data-access\n', 'steward.yml:3: slack.commands.access: write a slash'],
  [
    'slack:\n  commands:\n    access: /data\n    metric: /data\n',
    'slack.commands: two commands have the same word',
  ],
  [
    'slack:\n  commands:\n    access: /grants\n    metric: /access\n',
    'slack.commands: a command has the usual word of another',
  ],
  ['# ours\nteamz:\n  - { id: data, name: Data }\n', 'steward.yml:2: teamz: Unrecognized key'],
  ['people:\n\t- email: a@b.c\n', 'steward.yml:2:'],
  [
    'teams:\n  - id: data\n    onCall:\n      pagerduty: { schedul: P1 }\n',
    'steward.yml:4: teams.0.onCall.pagerduty.schedule: is missing; give text',
  ],
])('refuses a wrong configuration with file, line and key', (text, message) => {
  expect(() => parseConfig(text)).toThrow(message);
});

it('fills in what nobody wrote', () => {
  const config = parseConfig('');
  expect(config.incidents.severities).toHaveLength(3);
  expect(config.retention.inbox).toBe(7 * 86_400_000);
  expect(config.slack.commands.metric).toBe('/metric');
});

it('refuses a secret that is written into the file', () => {
  const text =
    'incidents:\n  endpoints:\n    - { source: dbt, id: x, auth: { type: bearer, secrets: [hunter2] } }\n';
  expect(() => parseConfig(text)).toThrow('incidents.endpoints.0.auth.secrets.0');
});

it('reads durations as people write them', () => {
  expect(parseDurationMs('36h')).toBe(129_600_000);
  expect(parseDurationMs('1.5 d')).toBe(129_600_000);
  expect(() => parseDurationMs('soon')).toThrow(RangeError);
});
