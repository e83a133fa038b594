import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { makeTestDatabase } from '../../test/helpers/database.js';
import { makeTestServices } from '../../test/helpers/services.js';
import { gatherRegistrations } from '../app.js';
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
  ['I need access to orders', 'access', 'request'],
])('reads "%s" as /%s %s', (words, command, verb) => {
  expect(routeMention(commands, words, services)).toMatchObject({ command, verb });
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
