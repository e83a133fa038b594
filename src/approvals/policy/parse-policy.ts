import { createHash } from 'node:crypto';
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import type { core } from 'zod';
import { StewardError } from '../../errors.js';
import { type Policy, type PolicyFile, policyFile } from './schema.js';

export interface PolicySource {
  /** As steward.yml names it. */
  path: string;
  text: string;
}

/** One mistake in a policy file, with the line an editor shows. */
export interface PolicyMistake {
  path: string;
  line: number;
  /** `rules[2].stages[0].from`. */
  where: string;
  message: string;
}

/** A mistake in one line: file, line, key, what is wrong. */
export function lineOf({ path, line, where, message }: PolicyMistake): string {
  return `${path}:${line} ${where ? `${where}: ` : ''}${message}`;
}

/** The files cannot be used. The last good policy stays in force. */
export class PolicyBrokenError extends StewardError {
  readonly code = 'policy_broken';
  readonly mistakes: readonly PolicyMistake[];
  constructor(mistakes: readonly PolicyMistake[]) {
    super(
      `The policy cannot be used:\n${mistakes.map(lineOf).join('\n')}\nThe last good policy stays in force. Mend the file and load it again.`,
    );
    this.mistakes = mistakes;
  }
}

/** Reads all policy files together. Throws `PolicyBrokenError` with every mistake and its line. */
export function parsePolicy(sources: readonly PolicySource[]): Policy {
  const mistakes: PolicyMistake[] = [];
  const files: PolicyFile[] = [];
  for (const source of sources) {
    const parsed = parseFile(source, mistakes);
    if (parsed) files.push(parsed);
  }
  const policy: Policy = {
    hash: policyHash(sources),
    purposes: files.flatMap((file) => file.purposes),
    rules: files.flatMap((file) => file.rules),
    recertification: files.flatMap((file) => file.recertification),
    cases: files.flatMap((file) => file.cases),
  };
  if (mistakes.length === 0) mistakes.push(...crossCheck(policy, sources));
  if (mistakes.length > 0) throw new PolicyBrokenError(mistakes);
  return policy;
}

/** The same content has the same hash wherever the files lie; 16 hexadecimal digits are what people are shown. */
export function policyHash(sources: readonly PolicySource[]): string {
  const hash = createHash('sha256');
  for (const source of sources) hash.update(`${source.text.replace(/\r\n/g, '\n').trimEnd()}\0`);
  return hash.digest('hex');
}

function parseFile(source: PolicySource, mistakes: PolicyMistake[]): PolicyFile | null {
  const lines = new LineCounter();
  const document = parseDocument(source.text, { lineCounter: lines, uniqueKeys: true });
  for (const error of document.errors) {
    const line = lines.linePos(error.pos[0]).line;
    mistakes.push({
      path: source.path,
      line,
      where: '',
      message: error.message.split('\n')[0] ?? 'not YAML',
    });
  }
  if (document.errors.length > 0) return null;
  const result = policyFile.safeParse(document.toJS({ maxAliasCount: 50 }) ?? {});
  if (result.success) return result.data;
  for (const issue of flatten(result.error.issues)) {
    const offset = offsetOf(document.contents, issue.path);
    mistakes.push({
      path: source.path,
      line: offset === null ? 1 : lines.linePos(offset).line,
      where: spokenPath(issue.path),
      message: issue.message,
    });
  }
  return null;
}

interface FlatIssue {
  path: PropertyKey[];
  message: string;
}

/** A union's own message says only "invalid input": the branch that got furthest says what is wrong. */
function flatten(issues: readonly core.$ZodIssue[], prefix: PropertyKey[] = []): FlatIssue[] {
  return issues.flatMap((issue): FlatIssue[] => {
    const path = [...prefix, ...issue.path];
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ path: [...path, key], message: `unknown key "${key}"` }));
    }
    if (issue.code !== 'invalid_union' || issue.errors.length === 0)
      return [{ path, message: issue.message }];
    const best = [...issue.errors].sort((a, b) => depth(b) - depth(a) || a.length - b.length)[0] ?? [];
    return flatten(best, path);
  });
}

function depth(issues: readonly core.$ZodIssue[]): number {
  return Math.max(
    0,
    ...issues.map((issue) => issue.path.length + (issue.code === 'unrecognized_keys' ? 0.5 : 0)),
  );
}

/** Where the value at a path stands; the nearest parent where it is missing. */
function offsetOf(root: Node | null, path: readonly PropertyKey[]): number | null {
  let node: unknown = root;
  let offset = start(root);
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step));
      if (!pair) return offset;
      offset = start(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      offset = start(node) ?? offset;
    } else {
      return offset;
    }
  }
  return offset;
}

function start(node: unknown): number | null {
  const range = (node as { range?: [number, number, number] | null } | null | undefined)?.range;
  return range ? range[0] : null;
}

function spokenPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text === '' ? String(step) : `${text}.${String(step)}`;
  }, '');
}

/** What one file alone cannot show: a name used twice, a purpose nobody defined. */
function crossCheck(policy: Policy, sources: readonly PolicySource[]): PolicyMistake[] {
  const mistakes: PolicyMistake[] = [];
  const at = (needle: RegExp): { path: string; line: number } => {
    for (const source of [...sources].reverse()) {
      const lines = source.text.split('\n');
      for (let index = lines.length - 1; index >= 0; index -= 1) {
        if (needle.test(lines[index] ?? '')) return { path: source.path, line: index + 1 };
      }
    }
    return { path: sources[0]?.path ?? 'policy', line: 1 };
  };
  const escaped = (text: string) => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
  const seen = new Set<string>();
  for (const rule of policy.rules) {
    if (seen.has(rule.name)) {
      const place = at(new RegExp(`name:\\s*['"]?${escaped(rule.name)}\\b`));
      mistakes.push({ ...place, where: `rule ${rule.name}`, message: 'this name is used twice' });
    }
    seen.add(rule.name);
    for (const id of rule.purposes) {
      if (policy.purposes.some((purpose) => purpose.id === id)) continue;
      const place = at(new RegExp(`purposes:.*\\b${escaped(id)}\\b|-\\s*['"]?${escaped(id)}\\b`));
      mistakes.push({ ...place, where: `rule ${rule.name}`, message: `no purpose "${id}" is defined` });
    }
  }
  return mistakes;
}
