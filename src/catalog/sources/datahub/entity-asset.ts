import type { AssetDraft, AssetKind, OwnerRef } from '../../asset.js';
import { classificationOf } from '../../meta/classification.js';
import { metaLayers } from '../../meta/layers.js';
import { present } from '../../meta/meta-facts.js';
import { asText, unique } from '../../meta/values.js';
import { factsFrom, newAsset } from '../../new-asset.js';
import { isRelation } from '../sql-words.js';
import type { Entity } from './schema.js';

const kinds: Record<Entity['type'], AssetKind> = {
  DATASET: 'source',
  GLOSSARY_TERM: 'term',
  DASHBOARD: 'exposure',
};

/** An entity of DataHub as an asset; its urn is its id. */
export function entityAsset(entity: Entity, settings: { now: Date; warehouse?: string }): AssetDraft {
  const properties = entity.properties ?? entity.termProperties ?? entity.dashboardProperties;
  const custom = Object.fromEntries(
    (properties?.customProperties ?? []).map(({ key, value }) => [key, value ?? undefined]),
  );
  const tags = namesOf(entity.tags);
  const deprecation =
    entity.deprecation.deprecated === true
      ? { deprecated: true, ...dateOf(entity.deprecation.decommissionTime) }
      : {};
  const facts = factsFrom([{ ...custom, ...deprecation }], tags, settings.now);
  const owners = (entity.ownership?.owners ?? []).map(({ owner }) => ownerOf(owner));
  const qualified =
    properties?.qualifiedName ?? (entity.type === 'DATASET' ? nameInUrn(entity.urn) : undefined);
  const note = asText(entity.deprecation.note);
  const name = properties?.name ?? entity.name ?? entity.hierarchicalName ?? entity.urn;
  return newAsset(
    {
      sourceId: entity.urn,
      kind: kinds[entity.type],
      name: entity.type === 'DATASET' ? (name.split('.').at(-1) ?? name) : name,
    },
    {
      // What people wrote in DataHub stands over what was ingested.
      description: asText(entity.editableProperties.description) ?? properties?.description ?? '',
      owners: owners.length > 0 ? owners : facts.owners,
      caveats: unique([...facts.caveats, ...(note === undefined ? [] : [note])]),
      tags,
      meta: custom,
      columns: (entity.schemaMetadata?.fields ?? []).map((field) => {
        const edited = entity.editableSchemaMetadata?.editableSchemaFieldInfo.find(
          ({ fieldPath }) => fieldPath === field.fieldPath,
        );
        const fieldTags = unique([...namesOf(field.tags), ...namesOf(edited?.tags)]);
        return {
          // A nested path of newer versions begins with its types: `[version=2.0].[type=string].email`.
          name: field.fieldPath.replace(/\[[^\]]*\]\./g, ''),
          description: edited?.description ?? field.description ?? '',
          ...present({ dataType: field.nativeDataType }),
          tags: fieldTags,
          classification: classificationOf(metaLayers(), fieldTags),
          meta: {},
        };
      }),
      context: unique([
        ...(entity.glossaryTerms?.terms ?? []).flatMap(({ term }) => asText(term.properties.name) ?? []),
        ...[asText(entity.platform.name), entity.tool].filter((word) => word !== undefined),
      ]),
      ...present({
        domain: asText(entity.domain?.domain.properties.name) ?? facts.domain,
        url: properties?.externalUrl ?? facts.url,
        relation:
          qualified !== undefined && isRelation(qualified) && qualified.includes('.') ? qualified : undefined,
        warehouse: entity.type === 'DATASET' ? settings.warehouse : undefined,
      }),
    },
    facts,
  );
}

function ownerOf(owner: {
  username?: string | undefined;
  name?: string | undefined;
  properties: Record<string, unknown>;
}): OwnerRef {
  const email = asText(owner.properties.email);
  const shown = asText(owner.properties.displayName);
  // Only a group has a name of its own; a person has a user name.
  if (owner.username === undefined) return { ...present({ team: owner.name ?? shown, email }) };
  return { ...present({ name: shown ?? owner.username, email }) };
}

/** Names of tags without the urn around them. */
function namesOf(tags: Entity['tags']): string[] {
  return (tags?.tags ?? []).map(
    ({ tag }) => asText(tag.properties.name) ?? tag.name.replace(/^urn:li:tag:/, ''),
  );
}

/** `urn:li:dataset:(urn:li:dataPlatform:postgres,lake.marts.orders,PROD)` holds the table's name. */
function nameInUrn(urn: string): string | undefined {
  return /^urn:li:dataset:\([^,]+,([^,]+),[^,]+\)$/.exec(urn)?.[1];
}

function dateOf(milliseconds: unknown): { deprecation_date?: string } {
  return typeof milliseconds === 'number' ? { deprecation_date: new Date(milliseconds).toISOString() } : {};
}
