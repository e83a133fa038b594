import { StewardError } from '../errors.js';
import type { PlanPerson } from './plan/people.js';

/** A rule says no, or no rule covers it. The message is the rule's own sentence and says what to do instead. */
export class RefusedByPolicyError extends StewardError {
  readonly code = 'refused_by_policy';
  readonly rule: string | null;
  constructor(message: string, rule: string | null) {
    super(message);
    this.rule = rule;
  }
}

/** The stages cannot be filled by different people who may. Said at asking, with whom to talk to. */
export class NobodyCanApproveError extends StewardError {
  readonly code = 'nobody_can_approve';
  readonly talkTo: readonly PlanPerson[];
  constructor(message: string, talkTo: readonly PlanPerson[]) {
    super(message);
    this.talkTo = talkTo;
  }
}

/** Who may approve could not be found out, so nothing was decided. */
export class EligibilityUnknownError extends StewardError {
  readonly code = 'eligibility_unknown';
  constructor(cause: unknown) {
    super(
      'Who may approve this could not be checked just now, so nothing was decided. Try again in a minute; if it keeps failing, tell an administrator.',
      { cause },
    );
  }
}
