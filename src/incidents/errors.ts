import { StewardError } from '../errors.js';

/** A private incident is answered exactly like one that is not there. */
export class NoIncidentError extends StewardError {
  readonly code = 'incident_not_found';
  constructor(reference?: string) {
    super(
      reference === undefined
        ? 'There is no open incident here. Name one, such as INC-12; `/incident list` shows them.'
        : `There is no ${reference}. \`/incident list\` shows the incidents you can see.`,
    );
  }
}

/** Closing is refused while key times or follow-ups are missing. */
export class NotClosableError extends StewardError {
  readonly code = 'incident_not_closable';
  readonly missing: readonly string[];
  constructor(reference: string, missing: readonly string[]) {
    super(`${reference} is not closed: ${missing.join('; ')}. Fill these in, then close it again.`);
    this.missing = missing;
  }
}
