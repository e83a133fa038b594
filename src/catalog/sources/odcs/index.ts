import path from 'node:path';
import { z } from 'zod';
import type { AssetDraft, FreshnessSla, OwnerRef, SourceSnapshot } from '../../asset.js';
import { type SourceConnector, SourceError } from '../../connector.js';
import { readYaml } from '../../dbt/yaml-file.js';
import { classificationOf } from '../../meta/classification.js';
import { metaLayers } from '../../meta/layers.js';
import { present } from '../../meta/meta-facts.js';
import { asMinutes, asOwners, asText, isPlainObject, unique } from '../../meta/values.js';
import { factsFrom, newAsset } from '../../new-asset.js';
import { readSourceFiles } from '../source-files.js';
import { DataContract, type SchemaObject } from './schema.js';

const Config = z.strictObject({
  /** A contract, or a folder of them. */
  path: z.string().min(1),
  warehouse: z.string().min(1).optional(),
});
type Config = z.infer<typeof Config>;

/** Data contracts of the Open Data Contract Standard: what a producer promised about tables, their columns and their age. */
export const odcs = {
  type: 'odcs',
  isWritten: true,
  config: Config,
  fromPath: (given) => ({ path: given }),
  read: async (config, context) => {
    const wanted = { pattern: /\.ya?ml$/i, what: 'data contract in YAML' };
    const files = await readSourceFiles(path.resolve(context.baseDir, config.path), wanted, context.signal);
    const snapshot: SourceSnapshot = { assets: [], edges: [], signals: [], warnings: [], info: {} };
    for (const file of files) {
      const outcome = readYaml(file.path, file.text);
      if ('problem' in outcome) {
        snapshot.warnings.push(outcome.problem);
        continue;
      }
      const contract = DataContract.safeParse(outcome.file.content);
      if (!contract.success) {
        snapshot.warnings.push(
          `${file.path} is no data contract (kind, apiVersion and id are needed); it was left out.`,
        );
        continue;
      }
      if (!/^v?3\./.test(contract.data.apiVersion)) {
        snapshot.warnings.push(
          `${file.path} is of version ${contract.data.apiVersion}; version 3 is supported, it was read as far as it is alike.`,
        );
      }
      const settings = { file: file.path, now: context.now, ...present({ warehouse: config.warehouse }) };
      snapshot.assets.push(
        ...contract.data.schema.map((object) => tableAsset(contract.data, object, settings)),
      );
    }
    if (snapshot.assets.length === 0)
      throw new SourceError(
        `${config.path} holds no data contract with a schema. ${snapshot.warnings.join(' ')}`.trim(),
      );
    return snapshot;
  },
} satisfies SourceConnector<Config>;

function tableAsset(
  contract: DataContract,
  object: SchemaObject,
  settings: { file: string; now: Date; warehouse?: string },
): AssetDraft {
  const custom = Object.fromEntries(
    [...contract.customProperties, ...object.customProperties].map(({ property, value }) => [
      property,
      value,
    ]),
  );
  const tags = unique([...contract.tags, ...object.tags]);
  const facts = factsFrom([{ status: contract.status, ...custom }], tags, settings.now);
  const owners = ownersOf(contract.team);
  const limits = [asText(contract.description.limitations)].filter((limit) => limit !== undefined);
  return newAsset(
    { sourceId: `${contract.id}.${object.name}`, kind: 'model', name: object.name },
    {
      description: object.description ?? asText(contract.description.purpose) ?? '',
      owners: owners.length > 0 ? owners : facts.owners,
      caveats: unique([...facts.caveats, ...limits]),
      tags,
      columns: object.properties.map((property) => ({
        name: property.physicalName ?? property.name,
        description: property.description ?? '',
        ...present({ dataType: property.physicalType ?? property.logicalType }),
        tags: property.tags,
        classification: classificationOf(
          metaLayers({ classification: property.classification }),
          property.tags,
        ),
        meta: {},
      })),
      contract: {
        enforced: true,
        columns: object.properties.map((property) => ({
          name: property.physicalName ?? property.name,
          ...present({ dataType: property.physicalType ?? property.logicalType }),
        })),
      },
      context: unique(
        [
          contract.name,
          contract.dataProduct,
          asText(contract.description.usage),
          ...object.properties.map((property) => property.businessName),
        ].filter((word) => word !== undefined),
      ),
      meta: custom,
      provenance: { '*': { file: settings.file, ...present({ revision: contract.version }) } },
      ...present({
        label: object.businessName,
        grain: object.dataGranularityDescription ?? facts.grain,
        domain: contract.domain ?? facts.domain,
        relation: relationOf(contract, object),
        freshnessSla: freshnessOf(contract) ?? facts.freshnessSla,
        url:
          facts.url ??
          contract.authoritativeDefinitions.find((definition) => definition.url !== undefined)?.url,
        warehouse: settings.warehouse,
      }),
    },
    facts,
  );
}

/** `database.schema.table` by the first server: contracts list the production one first. */
function relationOf(contract: DataContract, object: SchemaObject): string | undefined {
  const [server] = contract.servers;
  const table = object.physicalName ?? object.name;
  if (table.includes('.')) return table;
  const parts = [
    server?.database ?? server?.catalog ?? server?.project,
    server?.schema ?? server?.dataset,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : [...parts, table].join('.');
}

/** `latency` is how old data may be; units are words or single letters. */
function freshnessOf(contract: DataContract): FreshnessSla | undefined {
  const latency = contract.slaProperties.find(({ property }) =>
    ['latency', 'ly', 'freshness'].includes(property),
  );
  const value = asText(latency?.value);
  if (latency === undefined || value === undefined) return undefined;
  const minutes = asMinutes(`${value} ${latency.unit ?? 'h'}`);
  return minutes === undefined ? undefined : { errorAfterMinutes: minutes };
}

/** Whoever has the role of an owner; without one, the whole team. */
function ownersOf(team: unknown): OwnerRef[] {
  const members = Array.isArray(team)
    ? team
    : isPlainObject(team) && Array.isArray(team.members)
      ? team.members
      : [];
  const present = members.filter(isPlainObject).filter((member) => member.dateOut === undefined);
  const owning = present.filter((member) => /owner/i.test(asText(member.role) ?? ''));
  return asOwners(
    (owning.length > 0 ? owning : present).map((member) => asText(member.username) ?? asText(member.name)),
  );
}
