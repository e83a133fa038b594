import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Every test file of the project with its text, by path, as scripts/coverage.mjs reads them. */
export function projectTests(): ReadonlyMap<string, string> {
  return new Map(
    ['src', 'test', 'commands', 'handlers', 'playground', 'demo', 'bench', 'prompts']
      .flatMap((folder) =>
        readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => path.join(folder, name)),
      )
      .filter((name) => name.endsWith('.test.ts'))
      .sort()
      .map((name) => [name, readFileSync(name, 'utf8')] as const),
  );
}
