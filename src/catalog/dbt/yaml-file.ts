import { parse, YAMLParseError } from 'yaml';
import { isPlainObject, type PlainObject } from '../meta/values.js';
import { indentQuotedLines } from './quoted-lines.js';

/** One entry of a list in a YAML file, with the line it starts on. */
export interface YamlItem {
  raw: PlainObject;
  line: number;
}

export interface YamlFile {
  /** Path inside the project. */
  path: string;
  content: PlainObject;
  /** The objects in the list under a top key; empty when there is none. */
  items: (key: string) => YamlItem[];
}

export type YamlOutcome = { file: YamlFile } | { problem: string };

/** Reads one YAML file of a project. A broken one gives a sentence with the line, and never an exception. */
export function readYaml(path: string, text: string): YamlOutcome {
  let content: unknown;
  try {
    content = parsed(text);
  } catch (error) {
    return { problem: problemOf(path, text, error) };
  }
  if (/&\w/.test(text) && isCircular(content)) {
    return { problem: `${path}: an alias contains itself, which no definition can; the file was left out.` };
  }
  if (!isPlainObject(content)) return { file: { path, content: {}, items: () => [] } };
  const known = content;
  return { file: { path, content: known, items: (key) => itemsOf(text, known, key) } };
}

function parsed(text: string): unknown {
  // Repeated keys are allowed because dbt's own reader allows them; the last one wins.
  const options = { uniqueKeys: false, merge: true, maxAliasCount: 10_000, logLevel: 'error' } as const;
  try {
    return parse(text, options);
  } catch (error) {
    if (!(error instanceof YAMLParseError) || error.code !== 'MISSING_CHAR') throw error;
    const indented = indentQuotedLines(text);
    if (indented === text) throw error;
    return parse(indented, options);
  }
}

/** Whether something contains itself, as YAML's aliases allow. Shared parts are looked at once. */
function isCircular(value: unknown, open = new Set<unknown>(), done = new Set<unknown>()): boolean {
  if (typeof value !== 'object' || value === null || done.has(value)) return false;
  if (open.has(value)) return true;
  open.add(value);
  const circular = Object.values(value).some((part) => isCircular(part, open, done));
  open.delete(value);
  done.add(value);
  return circular;
}

function itemsOf(text: string, content: PlainObject, key: string): YamlItem[] {
  const list = content[key];
  if (!Array.isArray(list)) return [];
  const { keyLine, itemLines } = linesOf(text, key);
  return list.flatMap((raw: unknown, index) =>
    isPlainObject(raw) ? [{ raw, line: itemLines[index] ?? keyLine }] : [],
  );
}

/**
 * Lines of the entries under a top key, by indentation. (The parser could tell too, at twice the time for the whole project.) A list in
 * flow style has only its key's line.
 */
function linesOf(text: string, key: string): { keyLine: number; itemLines: number[] } {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => line.startsWith(key) && /^["']?:/.test(line.slice(key.length)));
  const itemLines: number[] = [];
  let indent: string | undefined;
  for (let index = start + 1; start >= 0 && index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    const dash = /^(\s*)-(\s|$)/.exec(line);
    if (dash !== null) {
      indent ??= dash[1] ?? '';
      if (dash[1] === indent) itemLines.push(index + 1);
    } else if (/^[^\s#]/.test(line)) {
      break;
    }
  }
  return { keyLine: start + 1, itemLines };
}

function problemOf(path: string, text: string, error: unknown): string {
  if (!(error instanceof YAMLParseError)) {
    return `${path} cannot be read as YAML (${error instanceof Error ? error.message : String(error)}); the file was left out.`;
  }
  const line = error.linePos?.[0].line;
  const where = line === undefined ? path : `${path}, line ${line}`;
  const tabbed = line === undefined ? -1 : tabLineNear(text, line);
  if (tabbed > 0)
    return `${path}, line ${tabbed}: a tab is used to indent, and YAML allows only blanks; the file was left out.`;
  if (error.code === 'MULTIPLE_DOCS')
    return `${where}: a second document begins here, and a definition file is one; the file was left out.`;
  const reason = (error.message.split('\n')[0] ?? '').replace(/ at line \d+.*$/, '').replace(/:$/, '');
  return `${where}: ${reason}; the file was left out.`;
}

/** The parser notices a tab only where it stops making sense, which may be the line after. */
function tabLineNear(text: string, line: number): number {
  const lines = text.split('\n');
  for (const candidate of [line, line - 1]) {
    if (/^ *\t/.test(lines[candidate - 1] ?? '')) return candidate;
  }
  return -1;
}
