import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Prompt {
  name: string;
  version: string;
  text: string;
}

const read = new Map<string, Prompt>();

/** A prompt from prompts/<name>.md with its version, read once. */
export function readPrompt(name: string): Prompt {
  const known = read.get(name);
  if (known) return known;
  let folder = path.dirname(fileURLToPath(import.meta.url));
  while (!existsSync(path.join(folder, 'prompts', `${name}.md`))) {
    const parent = path.dirname(folder);
    if (parent === folder) throw new Error(`prompts/${name}.md is missing`);
    folder = parent;
  }
  const text = readFileSync(path.join(folder, 'prompts', `${name}.md`), 'utf8');
  const version = /<!-- version: (\S+) -->/.exec(text)?.[1] ?? '0';
  const prompt = { name, version, text: text.replace(/<!--.*?-->\s*/gs, '').trim() };
  read.set(name, prompt);
  return prompt;
}
