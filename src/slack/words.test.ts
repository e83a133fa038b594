import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { makeTestDatabase } from '../../test/helpers/database.js';
import { makeTestServices } from '../../test/helpers/services.js';
import { gatherRegistrations } from '../app.js';
import { newAsset } from '../catalog/new-asset.js';
import { makeOwnWords } from './own-words.js';
import type { Caller } from './surface.js';
import { routeCommand, routeMention } from './words.js';

const questions = z
  .record(z.string(), z.record(z.string(), z.array(z.string())))
  .parse(JSON.parse(readFileSync('demo/questions.intents.json', 'utf8')));
const { commands } = gatherRegistrations();
const database = await makeTestDatabase();
const services = await makeTestServices({ database });

describe('a question in a mention reaches the catalog, whatever word it begins with', () => {
  for (const [intent, languages] of Object.entries(questions)) {
    if (intent === 'act') continue;
    it.each(Object.values(languages).flat())(`${intent}: %s`, (question) => {
      expect(routeMention(commands, question, services)?.command).toBe('metric');
    });
  }
});

it.each([
  ['incident ack 12', 'incident', 'ack'],
  ['ack INC-12', 'incident', 'ack'],
  ['access mine', 'access', 'mine'],
  ['backfill pause 3', 'backfill', 'pause'],
  ['pause BF-3', 'backfill', 'pause'],
  ['resume BF-3', 'backfill', 'resume'],
  ['trust orders', 'metric', 'trust'],
  ['help', 'steward', 'help'],
  ['help incident', 'incident', 'help'],
  ['I need access to orders', 'access', 'request'],
])('reads "%s" as /%s %s', (words, command, verb) => {
  expect(routeMention(commands, words, services)).toMatchObject({ command, verb });
});

describe('where the company has other words for the commands', async () => {
  const renamed = await makeTestServices({
    database,
    config: { slack: { commands: { incident: '/outage', backfill: '/data-rerun', metric: '/kpi' } } },
  });

  it.each([
    ['outage ack 12', 'incident', 'ack'],
    ['incident ack 12', 'incident', 'ack'],
    ['data-rerun pause 3', 'backfill', 'pause'],
    ['kpi trust orders', 'metric', 'trust'],
    ['help outage', 'incident', 'help'],
    ['help /data-rerun', 'backfill', 'help'],
    ['outage minutes of the loader', 'metric', ''],
  ])('reads "%s" as %s %s', (words, command, verb) => {
    expect(routeMention(commands, words, renamed)).toMatchObject({ command, verb });
  });

  it('says those, wherever the usual ones stand', () => {
    const ownWords = makeOwnWords(renamed.config.slack.commands);
    const text =
      'No such incident. `/incident list` shows them; `/access mine`, /incident and `/incidents` stay.';
    const said =
      'No such incident. `/outage list` shows them; `/access mine`, /incident and `/incidents` stay.';
    expect(ownWords({ text, blocks: [{ type: 'section', text: { text, type: 'mrkdwn' } }], n: 1 })).toEqual({
      text: said,
      blocks: [{ type: 'section', text: { text: said, type: 'mrkdwn' } }],
      n: 1,
    });
  });
});

describe('a polite word', () => {
  it.each([
    ['hi', 'greeting'],
    ['Hello there!', 'greeting'],
    ['Guten Morgen', 'greeting'],
    ['what can you do?', 'ability'],
    ['Hey, how does this work?', 'ability'],
    ['help me', 'ability'],
    ['was kannst du', 'ability'],
    ['thanks!', 'thanks'],
    ['Great, thank you so much.', 'thanks'],
    ['danke', 'thanks'],
    [':+1:', 'thanks'],
  ])('"%s" gets a polite word back', async (words, kind) => {
    const routed = routeMention(commands, words, services);
    expect(routed).toMatchObject({ command: 'metric', verb: kind, mode: 'read' });
  });

  it('comes with examples of what the catalog has and its reader may read', async () => {
    const own = await makeTestServices({
      database,
      config: {
        people: [{ email: 'ana@acme.example', slack: 'U0ANA' }],
        catalog: {
          visibility: [{ match: { name: 'payroll' }, teams: ['hr'], otherwise: 'hidden' }],
        },
      },
      catalog: {
        dbt: {
          assets: [
            newAsset({ sourceId: 'm.payroll', kind: 'metric', name: 'payroll' }, { tier: 1 }),
            newAsset({ sourceId: 'm.bed_days', kind: 'metric', name: 'bed_days' }, { label: 'Bed days <30' }),
            newAsset({ sourceId: 't.stays', kind: 'model', name: 'fct_stays' }, {}),
          ],
          edges: [],
          signals: [],
          warnings: [],
          info: {},
        },
      },
    });
    const person = await own.directory.byEmail(own.db, 'ana@acme.example');
    if (!person) throw new Error('no ana');
    const caller: Caller = {
      person,
      actor: { personId: person.id, kind: 'person', channel: 'slack' },
      surface: 'message',
      channel: null,
      threadTs: null,
      messageTs: null,
      now: own.clock.now(),
      deliveryKey: 'hi',
    };
    const said = await routeMention(commands, 'hi', own)?.run(own, caller, '');
    expect(said?.text).toContain('`what does Bed days &lt;30 mean?`');
    expect(said?.text).toContain('`what breaks if fct_stays changes?`');
    expect(said?.text).not.toContain('payroll');
  });

  it.each([
    'hi, what is mrr?',
    'thanks, and orders?',
    'what is help desk volume?',
    'great circle distance',
    '"cool"',
  ])('"%s" is a question all the same', (words) => {
    expect(routeMention(commands, words, services)).toMatchObject({ command: 'metric', verb: '' });
  });
});

it.each([
  ['metric', 'why did orders change?', ''],
  ['metric', 'why orders', 'why'],
  ['metric', 'trust me, what is churn?', ''],
  ['metric', 'compare logo churn', 'compare'],
  ['metric', 'net revenue', ''],
  ['steward', 'status', 'status'],
])('reads /%s %s as the verb "%s"', (name, text, verb) => {
  const command = commands.find((candidate) => candidate.name === name);
  if (!command) throw new Error(`no ${name}`);
  expect(routeCommand(command, text, services).verb).toBe(verb);
});

it.each(commands.map((command) => [command.name, command] as const))(
  'says every verb of /%s in help, whole, with nothing that Slack would take for a link',
  async (_name, command) => {
    const routed = routeCommand(command, 'help', services);
    const reply = await routed.run(
      services,
      {
        person: {
          id: '00000000-0000-4000-8000-000000000001',
          slackId: 'U0ASKER',
          email: 'asker@example.com',
          name: 'Asker',
          teams: [],
          managerId: null,
          timeZone: 'UTC',
          status: 'active',
          kind: 'member',
          logins: {},
          isAdmin: false,
        },
        actor: { personId: null, kind: 'person', channel: 'slack' },
        surface: 'command',
        channel: null,
        threadTs: null,
        messageTs: null,
        now: new Date('2026-03-02T10:00:00Z'),
        deliveryKey: 'help',
      },
      routed.rest,
    );
    const sections = z
      .array(z.object({ text: z.object({ text: z.string().max(3_000) }) }))
      .parse(reply.blocks);
    expect(sections.map((each) => each.text.text).join('\n')).toBe(reply.text);
    expect(reply.text).not.toMatch(/[<>]/);
    for (const { usage } of command.verbs) expect(reply.text).toContain(usage.split(' ')[0]);
  },
);
