import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { coveragePage, makeFindTest } from '../../src/contract/coverage.js';
import { projectTests } from './project-tests.js';

const read = (name: string): string => readFileSync(name, 'utf8');
const tests = projectTests();

it('prints docs/coverage.md from the tests that are there', () => {
  const files = readdirSync('docs/coverage')
    .filter((name) => name.endsWith('.yml'))
    .sort()
    .map((name) => ({ name: path.basename(name, '.yml'), text: read(path.join('docs/coverage', name)) }));
  expect(read('docs/coverage.md'), 'run `npm run build && node scripts/coverage.mjs`').toBe(
    coveragePage(files, makeFindTest(tests)),
  );
});

const one = (row: string) => [{ name: 'made-up', text: `rows:\n  - ${row}\n` }];
const find = makeFindTest(new Map([['test/made-up/a.test.ts', "it('does it [X-one]')"]]));

it('refuses a row that names no test and gives no reason', () => {
  expect(() => coveragePage(one('{ part: A, row: left out }'), find)).toThrow('made-up.yml');
  expect(() =>
    coveragePage(one('{ part: A, row: both, test: "a.test.ts#does", no: because }'), find),
  ).toThrow();
});

it('refuses a test that is gone', () => {
  expect(() => coveragePage(one('{ part: A, row: r, test: "a.test.ts#something else" }'), find)).toThrow(
    'no test has',
  );
  expect(() => coveragePage(one('{ section: A, row: r, tests: [X-two] }'), find)).toThrow(
    'no test has X-two',
  );
});

it('finds a test by its tag, its title, and its path from the folder of its area', () => {
  for (const proof of [
    'tests: [X-one]',
    'test: "a.test.ts#does it"',
    'test: "../../test/made-up/a.test.ts#does it"',
  ])
    expect(coveragePage(one(`{ part: A, row: r, ${proof} }`), find)).toContain('test/made-up/a.test.ts');
});
