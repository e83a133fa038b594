import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { errorCodes } from './error-codes.js';

/** The code of each error class in a folder, tests left out. */
function codesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .flatMap((name) => {
      const text = readFileSync(path.join(folder, name), 'utf8');
      return [...text.matchAll(/class \w+Error extends [^}]*?\bcode = '(\w+)'/g)].flatMap(
        (found) => found[1] ?? [],
      );
    });
}

it('lists the code of every error that is written for a person, each used once', () => {
  const used = codesIn('src').sort();
  expect(used.length).toBeGreaterThan(30);
  expect(used).toEqual(Object.keys(errorCodes).sort());
});
