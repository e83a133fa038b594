import type { SourceConnector } from '../connector.js';
import { csvGlossary } from './csv/index.js';
import { cube } from './cube/index.js';
import { databricksMetricView } from './databricks-metric-view/index.js';
import { datahub } from './datahub/index.js';
import { dbtArtifacts } from './dbt-artifacts/index.js';
import { dbtCloud } from './dbt-cloud/index.js';
import { dbtProject } from './dbt-project/index.js';
import { lookml } from './lookml/index.js';
import { odcs } from './odcs/index.js';
import { openlineage } from './openlineage/index.js';
import { openmetadata } from './openmetadata/index.js';
import { ossie } from './ossie/index.js';
import { snowflakeSemanticView } from './snowflake-semantic-view/index.js';
import { usableSnapshot } from './usable-snapshot.js';
import { usage } from './usage/index.js';

/** Every kind of catalog source, by the `type` that steward.yml and `--source` use. One line each. */
const connectors: readonly SourceConnector[] = [
  asConnector(dbtArtifacts),
  asConnector(dbtProject),
  asConnector(dbtCloud),
  asConnector(csvGlossary),
  asConnector(cube),
  asConnector(lookml),
  asConnector(databricksMetricView),
  asConnector(datahub),
  asConnector(odcs),
  asConnector(openlineage),
  asConnector(openmetadata),
  asConnector(ossie),
  asConnector(snowflakeSemanticView),
  asConnector(usage),
];

export const sourceTypes: readonly string[] = connectors.map((connector) => connector.type);

export function findConnector(type: string): SourceConnector | undefined {
  return connectors.find((connector) => connector.type === type);
}

/**
 * Hides a connector's own configuration type: what steward.yml gives is checked by the connector's schema before it is read, so nothing else can
 * reach `read`.
 */
function asConnector<Config>(connector: SourceConnector<Config>): SourceConnector {
  return {
    type: connector.type,
    ...(connector.isWritten === undefined ? {} : { isWritten: connector.isWritten }),
    config: connector.config,
    fromPath: connector.fromPath,
    read: async (config, context) =>
      usableSnapshot(await connector.read(connector.config.parse(config), context)),
  };
}
