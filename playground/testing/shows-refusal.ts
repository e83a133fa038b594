import { TestRunner } from 'vitest';
import type { RefusalKind, Rules } from './refusal-rules.js';

declare module 'vitest' {
  interface TaskMeta {
    /** Refusal rules that this test has brought about, by kind. */
    refusals?: Partial<Record<RefusalKind, string[]>>;
  }
}

/** Notes on the running test which rules it shows to refuse. `npm test` counts each rule of a passed test once (scripts/test.mjs). */
export function showsRefusal<Kind extends RefusalKind>(kind: Kind, ...rules: (keyof Rules[Kind])[]): void {
  note(kind, rules.map(String));
}

/** The same for a method's own word. */
export function showsRefusalOf(method: string, word: string): void {
  note('Web API', [`${method} ${word}`]);
}

/** The same for single fields of blocks: which, and what was wrong with it. */
export function showsFieldRefusals(fields: Iterable<string>): void {
  note('Block Kit', [...fields]);
}

function note(kind: RefusalKind, rules: string[]): void {
  const test = TestRunner.getCurrentTest();
  if (test === undefined) throw new Error('noting a refusal is for the body of a test');
  test.meta.refusals = {
    ...test.meta.refusals,
    [kind]: [...new Set([...(test.meta.refusals?.[kind] ?? []), ...rules])],
  };
}
