import { manualProvisioner } from './manual/index.js';
import { postgresProvisioner } from './postgres/index.js';
import type { Provisioner, ProvisionerContext, ProvisionerKind } from './provisioner.js';

/** Every kind of warehouse that access can be given in, by the `type` in steward.yml. One line each. */
const kinds: readonly ErasedKind[] = [erase(postgresProvisioner), erase(manualProvisioner)];

interface ErasedKind {
  type: string;
  identity: ProvisionerKind['identity'];
  make: (config: unknown, context: ProvisionerContext) => Provisioner;
}

/** Hides a kind's own configuration type: its schema checks whatever steward.yml gives before it is used. */
function erase<Config>(kind: ProvisionerKind<Config>): ErasedKind {
  return {
    type: kind.type,
    identity: kind.identity,
    make: (config, context) => kind.make(kind.config.parse(config), context),
  };
}

export const provisionerTypes: readonly string[] = kinds.map((kind) => kind.type);

export function findProvisioner(type: string): ErasedKind | undefined {
  return kinds.find((kind) => kind.type === type);
}
