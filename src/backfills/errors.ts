import { StewardError } from '../errors.js';

/** No such pipeline, or one this person may not know of: both are answered alike. */
export class PipelineUnknownError extends StewardError {
  readonly code = 'pipeline_unknown';
}

/** Deprecated: what to rebuild instead. */
export class PipelineDeprecatedError extends StewardError {
  readonly code = 'pipeline_deprecated';
}

/** The asset is known, but the catalog names no executor or no partitions for it. */
export class NotBackfillableError extends StewardError {
  readonly code = 'not_backfillable';
}

/** Under the reprocess rule nothing is left to do. */
export class NothingToDoError extends StewardError {
  readonly code = 'nothing_to_do';
}

/** A limit of steward.yml for a person or a day. */
export class LimitReachedError extends StewardError {
  readonly code = 'limit_reached';
}
