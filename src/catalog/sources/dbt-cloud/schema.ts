import { z } from 'zod';

const Run = z.object({
  id: z.number(),
  finished_at: z.string().nullish(),
  git_sha: z.string().nullish(),
  href: z.string().nullish(),
});
export type Run = z.infer<typeof Run>;

/** Answer of `GET /api/v2/accounts/{account_id}/runs/`: the parts that are read here. */
export const Runs = z.object({ data: z.array(Run) });

/** An artifact: what is in it is checked by the reader of artifacts. */
export const Artifact = z.record(z.string(), z.unknown());
export type Artifact = z.infer<typeof Artifact>;

/** Answer of `GET /api/v3/accounts/{account_id}/projects/{project_id}/environments/`. */
export const Environments = z.object({ data: z.array(z.object({ id: z.number() })) });
