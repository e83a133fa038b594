import type { Use } from './intent.js';
import { uses } from './intent.js';

/** Worst first. */
export const verdicts = ['DO NOT USE', 'CAUTION', 'SAFE'] as const;
export type VerdictWord = (typeof verdicts)[number];

/** How long ago something was observed: up to 26 hours (a daily run and its slack), up to 7 days, longer. */
export const ages = ['current', 'old', 'stale'] as const;
export type Age = (typeof ages)[number];

export const ageLimitsHours = { current: 26, old: 7 * 24 } as const;
const hourMs = 3_600_000;

/** What is known about an asset or what it is built from. `missing` states say that nobody looked. */
export const evidenceStates = [
  'notice: do not use',
  'notice: caution',
  'notice: private',
  'notice: info',
  'deprecated: past its last day',
  'deprecated',
  'draft',
  'tests: failed',
  'tests: error',
  'tests: warned',
  'tests: passed',
  'tests: missing',
  'freshness: late',
  'freshness: warned',
  'freshness: on time',
  'freshness: missing',
  'run: failed',
  'run: succeeded',
  'tie-out: broken',
  'tie-out: holds',
  'tie-out: missing',
  'owner: missing',
] as const;
export type EvidenceState = (typeof evidenceStates)[number];

type Row = Record<Use, readonly [current: VerdictWord, old: VerdictWord, stale: VerdictWord]>;

const safe: Row[Use] = ['SAFE', 'SAFE', 'SAFE'];
const caution: Row[Use] = ['CAUTION', 'CAUTION', 'CAUTION'];
const never: Row[Use] = ['DO NOT USE', 'DO NOT USE', 'DO NOT USE'];
const row = (general: Row[Use], finance: Row[Use], board: Row[Use]): Row => ({ general, finance, board });

/**
 * The truth table: what one piece of evidence allows, by its age and by what the number is wanted for. An answer's verdict is
 * the worst of all its pieces. Finance and the board need proof (a tie-out) where a chat does not; what nobody has
 * checked is never SAFE. Printed in docs/trust.md by `printTrustTable`, tested cell by cell.
 */
export const trustTable: Record<EvidenceState, Row> = {
  'notice: do not use': row(never, never, never),
  'notice: caution': row(caution, caution, never),
  'notice: private': row(caution, caution, never),
  'notice: info': row(safe, safe, safe),
  'deprecated: past its last day': row(never, never, never),
  deprecated: row(caution, caution, never),
  draft: row(caution, never, never),
  'tests: failed': row(caution, never, never),
  'tests: error': row(caution, caution, never),
  'tests: warned': row(safe, caution, caution),
  'tests: passed': row(
    ['SAFE', 'SAFE', 'CAUTION'],
    ['SAFE', 'CAUTION', 'CAUTION'],
    ['SAFE', 'CAUTION', 'CAUTION'],
  ),
  'tests: missing': row(caution, caution, never),
  'freshness: late': row(caution, never, never),
  'freshness: warned': row(caution, caution, caution),
  'freshness: on time': row(
    ['SAFE', 'CAUTION', 'CAUTION'],
    ['SAFE', 'CAUTION', 'CAUTION'],
    ['SAFE', 'CAUTION', 'DO NOT USE'],
  ),
  'freshness: missing': row(caution, caution, caution),
  'run: failed': row(caution, never, never),
  'run: succeeded': row(
    ['SAFE', 'CAUTION', 'CAUTION'],
    ['SAFE', 'CAUTION', 'CAUTION'],
    ['SAFE', 'CAUTION', 'DO NOT USE'],
  ),
  'tie-out: broken': row(caution, never, never),
  'tie-out: holds': row(safe, ['SAFE', 'CAUTION', 'CAUTION'], ['SAFE', 'CAUTION', 'DO NOT USE']),
  'tie-out: missing': row(safe, caution, caution),
  'owner: missing': row(safe, caution, caution),
};

/**
 * Age of an observation. A time in the future counts as now.
 * @param currentMs how old may still be current, where policy says so.
 */
export function ageOf(observedAt: Date, now: Date, currentMs = ageLimitsHours.current * hourMs): Age {
  const ageMs = now.getTime() - observedAt.getTime();
  if (ageMs <= currentMs) return 'current';
  return ageMs <= Math.max(currentMs, ageLimitsHours.old * hourMs) ? 'old' : 'stale';
}

/** One cell. Evidence that has no time of its own (a status, something missing) is current. */
export function verdictOf(state: EvidenceState, age: Age, use: Use): VerdictWord {
  return trustTable[state][use][ages.indexOf(age)] ?? 'DO NOT USE';
}

/** The worse of two verdicts. */
export function worse(a: VerdictWord, b: VerdictWord): VerdictWord {
  return verdicts.indexOf(a) <= verdicts.indexOf(b) ? a : b;
}

/** The table as Markdown, for docs/trust.md. */
export function printTrustTable(): string {
  const head = ['What is known', ...uses.flatMap((use) => ages.map((age) => `${use}, ${age}`))];
  const lines = [`| ${head.join(' | ')} |`, `|${head.map(() => '---').join('|')}|`];
  for (const state of evidenceStates) {
    const cells = uses.flatMap((use) => ages.map((age) => verdictOf(state, age, use)));
    lines.push(`| ${state} | ${cells.join(' | ')} |`);
  }
  return `${lines.join('\n')}\n`;
}
