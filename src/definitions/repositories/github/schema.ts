import { z } from 'zod';
import { secretRef } from '../../../config/schema-values.js';

export const GithubConfig = z.strictObject({
  type: z.literal('github'),
  /** `owner/name`. */
  project: z.string().regex(/^[\w.-]+\/[\w.-]+$/),
  /** Of the API; GitHub Enterprise has its own. */
  url: z.url().default('https://api.github.com'),
  /** Branch that pull requests are for. */
  branch: z.string().min(1).default('main'),
  /** Folder of the source inside the repository. */
  folder: z.string().default(''),
  /** A token that may read contents, and write contents and pull requests. */
  token: secretRef,
});
export type GithubConfig = z.infer<typeof GithubConfig>;

/** https://docs.github.com/en/rest/repos/contents */
export const File = z.object({ sha: z.string(), content: z.string() });
export const Listing = z.array(z.object({ name: z.string(), type: z.string() }));
/** https://docs.github.com/en/rest/git/refs */
export const Ref = z.object({ object: z.object({ sha: z.string() }) });
/** https://docs.github.com/en/rest/pulls/pulls */
export const Pull = z.object({ html_url: z.string(), state: z.string() });
