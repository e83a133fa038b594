/** A wish that the control API turns down: an HTTP status, a stable word and a sentence. */
export class PlayProblem extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}
