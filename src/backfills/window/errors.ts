import { StewardError } from '../../errors.js';

/** What is wrong with a window. `field` is the form field that the sentence belongs under. */
export abstract class WindowError extends StewardError {
  readonly field = 'window';
}

export class WindowUnreadableError extends WindowError {
  readonly code = 'window_unreadable';
}
export class WindowEmptyError extends WindowError {
  readonly code = 'window_empty';
}
export class WindowReversedError extends WindowError {
  readonly code = 'window_reversed';
}
export class WindowInFutureError extends WindowError {
  readonly code = 'window_in_future';
}
export class WindowBeyondRetentionError extends WindowError {
  readonly code = 'window_beyond_retention';
}
export class GrainMismatchError extends WindowError {
  readonly code = 'grain_mismatch';
}
export class WindowTooLargeError extends WindowError {
  readonly code = 'window_too_large';
}
/** A wall-clock time that the zone skips when its clocks go forward. */
export class TimeDoesNotExistError extends WindowError {
  readonly code = 'time_does_not_exist';
}
