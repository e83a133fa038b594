import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { z } from 'zod';

const { dependencies, devDependencies } = z
  .object({
    dependencies: z.record(z.string(), z.string()),
    devDependencies: z.record(z.string(), z.string()),
  })
  .parse(JSON.parse(readFileSync('package.json', 'utf8')));
const page = readFileSync('docs/dependencies.md', 'utf8');
const cut = page.indexOf('## What builds and tests');
const listed = (part: string): string[] =>
  [...part.matchAll(/^\| `([^`]+)` \|/gm)].map((match) => match[1] ?? '');

it('says of every package that runs why it is there', () => {
  expect(listed(page.slice(0, cut)).sort()).toEqual(Object.keys(dependencies).sort());
});

it('says of every package that builds and tests why it is there', () => {
  expect(listed(page.slice(cut)).sort()).toEqual(Object.keys(devDependencies).sort());
});

it('leaves out receivers that Bolt still has, and knows every other one', () => {
  const built = readFileSync('scripts/build.mjs', 'utf8');
  const leftOut = /unusedNames = \[([^\]]+)\]/.exec(built)?.[1]?.match(/\w+/g) ?? [];
  const bolt = readFileSync('node_modules/@slack/bolt/dist/index.js', 'utf8');
  const exported = [...bolt.matchAll(/require\("\.\/receivers\/(\w+Receiver)"\)/g)].map(([, name]) => name);
  expect(exported.sort()).toEqual([...leftOut, 'HTTPReceiver'].sort());
});
