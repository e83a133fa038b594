import type {} from 'vitest';
import { getCurrentTest } from 'vitest/suite';

/** What refuses. */
export type RefusalKind = 'Web API' | 'Block Kit' | 'delivery and interaction' | 'control API';

declare module 'vitest' {
  interface TaskMeta {
    /** Refusal rules that this test has brought about, by kind. */
    refusals?: Partial<Record<RefusalKind, number>>;
  }
}

/** Notes on the running test how many rules it shows to refuse. `npm test` adds up those of the tests that passed (scripts/test.mjs). */
export function countRefusals(kind: RefusalKind, rules = 1): void {
  const test = getCurrentTest();
  if (test === undefined) throw new Error('countRefusals is for the body of a test');
  test.meta.refusals = { ...test.meta.refusals, [kind]: (test.meta.refusals?.[kind] ?? 0) + rules };
}
