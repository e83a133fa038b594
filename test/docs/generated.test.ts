import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, it } from 'vitest';
import { controlShapes } from '../../playground/published.js';
import { gatherRegistrations } from '../../src/app.js';
import { stewardConfig } from '../../src/config/steward-schema.js';
import { configurationKeys } from '../../src/contract/configuration-keys.js';
import { generatedFiles } from '../../src/contract/pages.js';
import { jsonSchemaOf, published } from '../../src/contract/published.js';
import { environmentVariables, withGenerated } from '../../src/contract/tables.js';

const read = (file: string): string => readFileSync(file, 'utf8');

it.each(generatedFiles(gatherRegistrations(), controlShapes))(
  'has $path as the code says',
  ({ path, make }) => {
    const now = read(path);
    expect(now, 'run `npm run build && node scripts/docs.mjs`').toBe(make(now));
  },
);

it('keeps no schema of a shape that is published no longer', () => {
  const known = [...Object.keys(published), ...Object.keys(controlShapes)].map((name) => `${name}.json`);
  const there = readdirSync('docs/contract').filter((name) => name.endsWith('.json'));
  expect(there.sort()).toEqual(known.sort());
});

it.each(Object.entries(published))('publishes %s as a JSON Schema that a validator takes', (name, shape) => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  expect(() => ajv.compile(JSON.parse(jsonSchemaOf(name, shape)) as object)).not.toThrow();
});

it('tells every environment variable that is read, and none that is not', () => {
  const source = read('src/config/env.ts');
  const readThere = [...source.matchAll(/^ {2}([A-Z][A-Z_]+): set\(/gm)].map((match) => match[1]);
  expect(readThere.length).toBeGreaterThan(10);
  expect(environmentVariables.map(({ name }) => name).sort()).toEqual(readThere.sort());
});

it('finds keys inside lists, alternatives and blocks', () => {
  const paths = configurationKeys(stewardConfig).map((key) => key.path);
  expect(paths).toEqual(
    expect.arrayContaining([
      'people[].away.delegate',
      'teams[].onCall.pagerduty.schedule',
      'retention.inbox',
    ]),
  );
});

it('refuses a page that has no place for what is to be printed', () => {
  expect(() => withGenerated('# A page', 'trust', 'x')).toThrow('no place for trust');
});

it('lists every action id, form, shortcut and select that is registered', () => {
  const page = read('docs/contract/action-ids.md');
  const { actions, views, shortcuts, options } = gatherRegistrations();
  const ids = [
    ...actions.map((one) => one.actionId),
    ...options.map((one) => one.actionId),
    ...[...views, ...shortcuts].map((one) => one.callbackId),
  ];
  expect(ids.length).toBeGreaterThan(30);
  for (const id of ids) expect(page, id).toContain(`\`${id}\``);
});
