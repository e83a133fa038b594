/** What was seen after the run: the difference between "it ran" and "it is right". */
export interface Verification {
  /** `verified`: every check that exists passed. `unverified`: nothing could be checked. `failed`: something is wrong. */
  verdict: 'verified' | 'unverified' | 'failed';
  checks: VerificationCheck[];
  at: string;
}

export interface VerificationCheck {
  name: 'rows' | 'freshness' | 'tests' | 'runs';
  result: 'pass' | 'fail' | 'unknown';
  words: string;
}
