/**
 * An error whose message is written for the person who sees it: what happened, what was not done, what to do next.
 * Everything else that is thrown is a fault of ours: the person gets a reference number and the log gets the rest.
 */
export abstract class StewardError extends Error {
  /** Stable, lower_snake_case; listed in docs/contract/errors.md. */
  abstract readonly code: string;
}

/** The start was refused: a wrong environment value, configuration key or database level. One line, naming it. */
export class StartRefusedError extends StewardError {
  readonly code = 'start_refused';
}

/** Asked for something that is not there, or that this person may not know of: both are answered alike. */
export class NotFoundError extends StewardError {
  readonly code = 'not_found';
}

/** The person may not do this. The message says who may. */
export class NotAllowedError extends StewardError {
  readonly code = 'not_allowed';
}

/** The thing has moved on since the button was drawn. The message says where it is now. */
export class IllegalTransitionError extends StewardError {
  readonly code = 'illegal_transition';
  readonly from: string;
  readonly to: string;
  constructor(message: string, from: string, to: string) {
    super(message);
    this.from = from;
    this.to = to;
  }
}

/** What was typed or sent cannot be used. The message says what would be right; `fields` by form field. */
export class InvalidInputError extends StewardError {
  readonly code = 'invalid_input';
  readonly fields: Record<string, string>;
  constructor(message: string, fields: Record<string, string> = {}) {
    super(message);
    this.fields = fields;
  }
}
