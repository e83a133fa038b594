import type { z } from 'zod';
import type { SourceFiles } from '../patch/source-files.js';

/** A change of one file, as a branch and a pull request for the people of the repository. */
export interface ProposedFile {
  /** Names the change for ever: what is there already under this name is found and not made again. */
  branch: string;
  path: string;
  text: string;
  title: string;
  /** Markdown. */
  body: string;
}

/** The repository that a source is kept in. The source stays the truth: nothing is ever merged from here. */
export interface Repository extends SourceFiles {
  /** Makes branch, commit and pull request as far as they are missing. Returns the address of the pull request. */
  propose: (change: ProposedFile) => Promise<{ url: string }>;
}

export interface RepositoryContext {
  fetch: typeof globalThis.fetch;
  signal: AbortSignal;
  secret: (name: string) => string | undefined;
}

/** One kind of repository (src/definitions/repositories/<name>/). */
export interface RepositoryConnector<Config> {
  type: string;
  config: z.ZodType<Config>;
  open: (config: Config, context: RepositoryContext) => Repository;
}

/** The other side answered, and not with what was asked for: a token that may not, a repository that is not there, a fault of its own. The message is for people. */
export class RepositoryError extends Error {}
