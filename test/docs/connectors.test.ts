import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { connectorsPage } from '../../src/contract/connectors.js';
import { projectTests } from './project-tests.js';

it('prints docs/connectors.md from the tests that are there', () => {
  expect(readFileSync('docs/connectors.md', 'utf8'), 'run `npm run build && node scripts/coverage.mjs`').toBe(
    connectorsPage(projectTests()),
  );
});

const families = [
  { word: 'gadget', title: 'Gadgets', folder: 'src/gadgets', types: ['lamp', 'fan'] },
] as const;
const fan = ['src/gadgets/fan/index.test.ts', "it('turns', () => {})"] as const;
// The tags below are put together so that this file claims nothing for a connector itself.
const tagged = (claim: string) => `[gadget ${claim}]`;
const page = (text: string) => connectorsPage(new Map([['test/a.test.ts', text], fan]), families);

it('says the best that tests show of a connector, with their titles, and documented only of one without a tag', () => {
  const text = `it("shines, it's said [X-one] ${tagged('lamp: stand-in')}", f);\nit('shines | really ${tagged('lamp: real')}', f);`;
  expect(page(text)).toContain(
    "| `lamp` | *real* | shines, it's said (`test/a.test.ts`); shines \\| really (`test/a.test.ts`) |",
  );
  expect(page(text)).toContain('| `fan` | *documented only* | `src/gadgets/fan/index.test.ts` |');
});

it('takes a claim to be contract-tested only from a suite that opens a published specification', () => {
  expect(() => page(`describe('by the book ${tagged('lamp: contract')}', f);`)).toThrow(
    'is not on a suite of a published specification',
  );
  expect(
    page(`describeWithShared(\n  'specs/lamp',\n  'by the book ${tagged('lamp: contract')}',\n f);`),
  ).toContain('| `lamp` | *contract-tested* | by the book (`test/a.test.ts`) |');
});

it('refuses a tag of no connector, one of a test that is left out, and a connector that no test knows', () => {
  expect(() => page(`it('x ${tagged('laser: real')}', f)`)).toThrow('names no connector there is');
  expect(() => page(`it.skip('x ${tagged('lamp: real')}', f)`)).toThrow('is left out');
  expect(() => page('')).toThrow('no test says what gadget lamp is proven against');
});
