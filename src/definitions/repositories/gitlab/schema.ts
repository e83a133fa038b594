import { z } from 'zod';
import { secretRef } from '../../../config/schema-values.js';

export const GitlabConfig = z.strictObject({
  type: z.literal('gitlab'),
  /** `group/name`, or the project's number. */
  project: z.string().min(1),
  /** Of the API. */
  url: z.url().default('https://gitlab.com/api/v4'),
  /** Branch that merge requests are for. */
  branch: z.string().min(1).default('main'),
  /** Folder of the source inside the repository. */
  folder: z.string().default(''),
  /** A token with the scope `api`. */
  token: secretRef,
});
export type GitlabConfig = z.infer<typeof GitlabConfig>;

/** https://docs.gitlab.com/api/repository_files/ */
export const File = z.object({ content: z.string() });
/** https://docs.gitlab.com/api/repositories/#list-repository-tree */
export const Tree = z.array(z.object({ name: z.string(), type: z.string() }));
/** https://docs.gitlab.com/api/merge_requests/ */
export const MergeRequest = z.object({ web_url: z.string() });
