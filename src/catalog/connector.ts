import type { z } from 'zod';
import type { SourceSnapshot } from './asset.js';

/** What a connector may use of the world. Everything else comes from its own configuration. */
export interface SourceContext {
  now: Date;
  signal: AbortSignal;
  /** Reads a secret that steward.yml names as `{env: NAME}`. */
  secret: (name: string) => string | undefined;
  fetch: typeof globalThis.fetch;
  /** Folder that relative paths in the configuration start from. */
  baseDir: string;
}

/**
 * A catalog source. One folder each under `sources/`: `index.ts` (this interface), `schema.ts` (zod of what comes from
 * outside), fixtures and test beside it, and one line in `sources/registry.ts`.
 */
export interface SourceConnector<Config = unknown> {
  type: string;
  /** What people wrote is read, and no export of a tool: where it lies in a Git checkout, the commit that is checked out is its revision. */
  isWritten?: true;
  /** The entry under `catalog.sources` of steward.yml, without `type` and `name`. */
  config: z.ZodType<Config>;
  /** The configuration meant by `--source <type>:<path>` on the command line. */
  fromPath: (path: string) => Config;
  /** Reads the whole source. Throws a `SourceError` with a sentence for the operator when there is nothing usable. */
  read: (config: Config, context: SourceContext) => Promise<SourceSnapshot>;
}

/** A source that cannot be read: the last good catalog stays in force. */
export class SourceError extends Error {
  readonly code = 'source_unreadable';
}
