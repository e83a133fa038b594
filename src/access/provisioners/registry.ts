import type { z } from 'zod';
import { bigqueryProvisioner } from './bigquery/index.js';
import { databricksProvisioner } from './databricks/index.js';
import { manualProvisioner } from './manual/index.js';
import { oktaProvisioner } from './okta/index.js';
import { postgresProvisioner } from './postgres/index.js';
import type { Provisioner, ProvisionerContext, ProvisionerKind } from './provisioner.js';
import { redshiftProvisioner } from './redshift/index.js';
import { snowflakeProvisioner } from './snowflake/index.js';
import { webhookProvisioner } from './webhook/index.js';

/** Every kind of warehouse that access can be given in, by the `type` in steward.yml. One line each. */
const kinds: readonly ErasedKind[] = [
  erase(postgresProvisioner),
  erase(snowflakeProvisioner),
  erase(bigqueryProvisioner),
  erase(redshiftProvisioner),
  erase(databricksProvisioner),
  erase(oktaProvisioner),
  erase(webhookProvisioner),
  erase(manualProvisioner),
];

interface ErasedKind {
  type: string;
  identity: ProvisionerKind['identity'];
  /** What is wrong with an entry of steward.yml first of all; undefined when nothing is. */
  problemWith: (config: unknown) => z.core.$ZodIssue | undefined;
  make: (config: unknown, context: ProvisionerContext) => Provisioner;
}

/** Hides a kind's own configuration type: its schema checks whatever steward.yml gives before it is used. */
function erase<Config>(kind: ProvisionerKind<Config>): ErasedKind {
  return {
    type: kind.type,
    identity: kind.identity,
    problemWith: (config) => kind.config.safeParse(config).error?.issues[0],
    make: (config, context) => kind.make(kind.config.parse(config), context),
  };
}

export const provisionerTypes: readonly string[] = kinds.map((kind) => kind.type);

/** Whether access there is given to a login of `people[].warehouse`; elsewhere to the e-mail address. */
export function needsLogin(type: string): boolean {
  return findProvisioner(type)?.identity === 'login';
}

export function findProvisioner(type: string): ErasedKind | undefined {
  return kinds.find((kind) => kind.type === type);
}
