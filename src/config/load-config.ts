import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { StartRefusedError } from '../errors.js';
import { issueInWords } from './issue-words.js';
import { readPeopleCsv } from './people-csv.js';
import { type StewardConfig, stewardConfig } from './steward-schema.js';

export interface LoadedConfig {
  config: StewardConfig;
  file: string;
  /** Folder that relative paths in the file start from. */
  baseDir: string;
}

/** Reads steward.yml. Throws `StartRefusedError` in one line: file, line, key, what is wrong. */
export async function loadConfig(file: string): Promise<LoadedConfig> {
  const absolute = path.resolve(file);
  const text = await readFile(absolute, 'utf8').catch(() => null);
  if (text === null)
    throw new StartRefusedError(
      `STEWARD_CONFIG: ${file} cannot be read. Write one (docs/configuration.md) or point STEWARD_CONFIG at yours.`,
    );
  const config = parseConfig(text, file);
  const baseDir = path.dirname(absolute);
  return { config: await withCsvPeople(config, baseDir), file: absolute, baseDir };
}

/** Parses the text of a steward.yml; `file` is only used in messages. */
export function parseConfig(text: string, file = 'steward.yml'): StewardConfig {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const syntax = document.errors[0];
  if (syntax)
    throw new StartRefusedError(
      `${file}:${lines.linePos(syntax.pos[0]).line}: ${syntax.message.split('\n')[0]}`,
    );
  const parsed = stewardConfig.safeParse(document.toJS() ?? {});
  if (parsed.success) return parsed.data;
  const issue = innermost(parsed.error.issues[0]);
  const keys = issue?.path ?? [];
  const named = issue?.code === 'unrecognized_keys' ? [...keys, issue.keys[0] ?? ''] : keys;
  throw new StartRefusedError(
    `${file}:${lineOf(document, lines, named)}: ${named.map(String).join('.') || 'the file'}: ${issueInWords(issue)}`,
  );
}

/** Of a value that can be written in several ways: what is wrong in the way that knows most of its keys, the first of those. */
function innermost(issue: z.core.$ZodIssue | undefined): z.core.$ZodIssue | undefined {
  if (issue?.code !== 'invalid_union') return issue;
  const strange = (issues: readonly z.core.$ZodIssue[]): number =>
    issues.reduce(
      (sum, one) => sum + (one.code === 'unrecognized_keys' && one.path.length === 0 ? one.keys.length : 0),
      0,
    );
  const [nearest] = [...issue.errors].sort((a, b) => strange(a) - strange(b));
  const within = innermost(nearest?.[0]);
  return within ? { ...within, path: [...issue.path, ...within.path] } : issue;
}

/** Where a key stands in the file, for what is found out only later: `steward.yml:12`; of a part that is not there, what is around it. */
export async function placeOf(
  { file }: Pick<LoadedConfig, 'file'>,
  keys: readonly PropertyKey[],
): Promise<string> {
  const lines = new LineCounter();
  const document = parseDocument(await readFile(file, 'utf8'), { lineCounter: lines, prettyErrors: false });
  return `${path.basename(file)}:${lineOf(document, lines, keys)}`;
}

/** Line of the innermost part of `keys` that the file has: of the key itself, though its value may begin further down. */
function lineOf(
  document: ReturnType<typeof parseDocument>,
  lines: LineCounter,
  keys: readonly PropertyKey[],
): number {
  for (let depth = keys.length; depth > 0; depth -= 1) {
    const around: unknown = depth === 1 ? document.contents : document.getIn(keys.slice(0, depth - 1), true);
    const key = keys[depth - 1];
    const pair = isMap(around)
      ? around.items.find((each) => isScalar(each.key) && each.key.value === key)
      : undefined;
    const node: unknown = pair?.key ?? document.getIn(keys.slice(0, depth), true);
    const range = z.object({ range: z.array(z.number()).min(1) }).safeParse(node);
    if (range.success && range.data.range[0] !== undefined) return lines.linePos(range.data.range[0]).line;
  }
  return 1;
}

/** People of the CSV file come first; steward.yml's own entry for the same e-mail wins. */
async function withCsvPeople(config: StewardConfig, baseDir: string): Promise<StewardConfig> {
  if (!config.peopleCsv) return config;
  const text = await readFile(path.resolve(baseDir, config.peopleCsv), 'utf8').catch(() => null);
  if (text === null)
    throw new StartRefusedError(
      `peopleCsv: ${config.peopleCsv} cannot be read; it is looked for beside steward.yml.`,
    );
  const own = new Set(config.people.map((person) => person.email));
  const fromCsv = readPeopleCsv(text, config.peopleCsv).filter((person) => !own.has(person.email));
  return { ...config, people: [...fromCsv, ...config.people] };
}
