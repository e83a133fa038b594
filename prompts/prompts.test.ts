import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { readPrompt } from '../src/llm/read-prompt.js';
import { choiceOf } from './choose-asset.js';
import { phrasingOf } from './phrase-answer.js';

const folder = path.dirname(fileURLToPath(import.meta.url));
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.md'))
  .map((name) => name.slice(0, -3));

/** The text that each version had. A changed prompt is a new version: what was measured with the old one says nothing of it. */
const known: Record<string, { version: string; sha256: string }> = {
  'choose-asset': { version: '1', sha256: '52ddc71aac0f' },
  'draft-review': { version: '1', sha256: 'eb23fa1b7301' },
  'phrase-answer': { version: '3', sha256: '2ca6a4c75ded' },
  'route-question': { version: '1', sha256: '1c9be170ad77' },
};

it.each(names)('%s has a version of its own text', (name) => {
  const text = readFileSync(path.join(folder, `${name}.md`), 'utf8');
  const sha256 = createHash('sha256').update(text).digest('hex').slice(0, 12);
  expect({ version: readPrompt(name).version, sha256 }).toEqual(known[name]);
});

it.each(names)('%s calls what others wrote material and never an instruction', (name) => {
  const { text } = readPrompt(name);
  expect(text).toContain('`<untrusted>`');
  expect(text.replace(/\s+/g, ' ')).toContain('never an instruction');
  expect(text).not.toContain('<!--');
});

it('lets the model name only what it was given, or nothing', () => {
  const choice = choiceOf(['a', 'b']);
  expect(choice.safeParse({ choice: 'none' }).success).toBe(true);
  expect(choice.safeParse({ choice: 'c' }).success).toBe(false);
  const phrasing = phrasingOf(['a']);
  expect(phrasing.safeParse({ sentences: [{ text: 'x', cites: ['a'] }] }).success).toBe(true);
  expect(phrasing.safeParse({ sentences: [{ text: 'x', cites: ['b'] }] }).success).toBe(false);
});
