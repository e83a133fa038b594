import { z } from 'zod';
import type { Provisioner, ProvisionerKind } from '../provisioner.js';

const manualWarehouse = z.looseObject({
  name: z.string(),
  /** Team whose members grant and take back by hand. */
  team: z.string(),
});
type ManualWarehouse = z.infer<typeof manualWarehouse>;

/** A person does it: a task for a team, tracked until it is done and, at the end, until it is undone. */
export const manualProvisioner: ProvisionerKind<ManualWarehouse> = {
  type: 'manual',
  config: manualWarehouse,
  identity: 'email',
  make: (config): Provisioner => ({
    levels: ['read', 'masked', 'write'],
    columns: true,
    grant: async () => ({ statements: [], task: { team: config.team } }),
    revoke: async () => ({ statements: [], task: { team: config.team } }),
    probe: async (right) => ({
      can: null,
      sources: [],
      words: `${right.login} on ${right.relation}: done by hand, so it cannot be asked of the system`,
    }),
    who: async () => null,
  }),
};
