import { z } from 'zod';
import { secretRef } from '../../../config/schema-values.js';

/** An Okta organisation in steward.yml: groups carry the access. */
export const oktaWarehouse = z.looseObject({
  name: z.string(),
  url: z.url({ protocol: /^https?$/ }),
  /** API token (SSWS). */
  token: secretRef,
  /** Which group gives which level on which relation; `*` stands for anything. */
  groups: z
    .array(
      z.strictObject({
        relation: z.string(),
        level: z.enum(['read', 'masked', 'write']).default('read'),
        group: z.string(),
      }),
    )
    .min(1),
});
export type OktaWarehouse = z.infer<typeof oktaWarehouse>;

/** Only what is used of Okta's User (management API 2026.06.3). */
export const oktaUser = z.object({
  id: z.string(),
  status: z.string().optional(),
  profile: z.object({ login: z.string().optional(), email: z.string().nullish() }).optional(),
});
export const oktaUsers = z.array(oktaUser);
