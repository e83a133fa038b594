import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

/**
 * Where `slack.commands` renames a command, its word is put in on the way out, between backticks only (`makeOwnWords`): a command that a
 * sentence names otherwise would keep a word that nobody can type.
 */
const bare = /(?<![\w./~`-])\/(?:metric|incident|access|backfill|steward)(?=[ `'",;:)]|\\`|\.(?:\s|['"`]))/;
const comment = /^\s*\/?\*.*$|^\s*\/\/.*$|\s\/\/ .*$/;
/** The one place where the usual words stand by themselves. */
const defaults = path.join('src', 'config', 'steward-schema.ts');

function bareCommands(file: string, text: string): string[] {
  return text
    .split('\n')
    .filter((line) => bare.test(line.replace(comment, '').replaceAll('\\`', '`')))
    .map((line) => `${file}: ${line.trim()}`);
}

const sources = ['src', 'commands', 'handlers', 'bin', 'prompts'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => path.join(folder, name)),
);

it('names slash commands between backticks only, where the words of steward.yml are put in', () => {
  expect(sources.length).toBeGreaterThan(500);
  expect(bareCommands(defaults, readFileSync(defaults, 'utf8')), 'the check reads something').toHaveLength(5);
  const found = sources
    .filter((file) => file !== defaults)
    .flatMap((file) => bareCommands(file, readFileSync(file, 'utf8')));
  expect(found).toEqual([]);
});

it('catches a command that is named bare', () => {
  const planted = (text: string) => bareCommands('planted.ts', text);
  expect(planted("const a = 'Say /access mine.';")).toHaveLength(1);
  expect(planted('const a = `Or /backfill, please`;')).toHaveLength(1);
  expect(planted("const a = 'Say `/access mine`.';")).toEqual([]);
  expect(planted("// /access mine\nconst a = '/api/now/table/incident';")).toEqual([]);
});
