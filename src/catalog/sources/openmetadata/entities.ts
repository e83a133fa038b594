import type { AssetDraft, AssetKind, OwnerRef } from '../../asset.js';
import { classificationOf } from '../../meta/classification.js';
import { metaLayers } from '../../meta/layers.js';
import { type MetaFacts, present } from '../../meta/meta-facts.js';
import { asText, isPlainObject, unique } from '../../meta/values.js';
import { factsFrom, newAsset } from '../../new-asset.js';
import { aggregationIn } from '../sql-words.js';
import { GlossaryTerm, Metric, type Reference, Table } from './schema.js';

export interface EntityContext {
  now: Date;
  warehouse?: string;
}

type Entity = Metric | GlossaryTerm | Table;
export type EntityKind = 'metric' | 'glossaryTerm' | 'table';

/** What only a metric has; it needs none of them but its name. */
const metricKeys = ['metricExpression', 'metricType', 'unitOfMeasurement', 'granularity', 'relatedMetrics'];

/** Which entity it is: by what it has, and by its own address where it has too little; undefined for anything else. */
export function kindOf(raw: unknown): EntityKind | undefined {
  if (!isPlainObject(raw)) return undefined;
  if (Array.isArray(raw.columns)) return 'table';
  if ('glossary' in raw) return 'glossaryTerm';
  const isMetric = metricKeys.some((key) => key in raw) || /\/v1\/metrics\//.test(asText(raw.href) ?? '');
  return isMetric ? 'metric' : undefined;
}

/** An entity as an asset; undefined for anything else and for what was deleted. */
export function entityAsset(
  raw: unknown,
  context: EntityContext,
  kind = kindOf(raw),
): { id: string; asset: AssetDraft } | undefined {
  if (kind === undefined || !isPlainObject(raw) || raw.deleted === true) return undefined;
  if (kind === 'table') return made(Table.safeParse(raw).data, (table) => tableAsset(table, context));
  if (kind === 'glossaryTerm')
    return made(GlossaryTerm.safeParse(raw).data, (term) => termAsset(term, context));
  return made(Metric.safeParse(raw).data, (metric) => metricAsset(metric, context));
}

function made<Given extends Entity>(entity: Given | undefined, make: (entity: Given) => AssetDraft) {
  return entity === undefined ? undefined : { id: entity.id ?? entity.name, asset: make(entity) };
}

function metricAsset(metric: Metric, context: EntityContext): AssetDraft {
  const code = asText(metric.metricExpression.code);
  const unit =
    metric.unitOfMeasurement === 'OTHER'
      ? metric.customUnitOfMeasurement
      : metric.unitOfMeasurement?.toLowerCase();
  return entity(metric, 'metric', context, (facts) => ({
    context: unique([
      ...metric.relatedMetrics.flatMap((related) => related.displayName ?? related.name ?? []),
      ...facts.context,
    ]),
    ...present({
      formula:
        code === undefined
          ? undefined
          : {
              type: metric.metricType?.toLowerCase() ?? 'expression',
              expression: code,
              inputs: [],
              ...present({ aggregation: aggregationIn(code) }),
            },
      unit: unit ?? facts.unit,
      grain: metric.granularity?.toLowerCase() ?? facts.grain,
    }),
  }));
}

function termAsset(term: GlossaryTerm, context: EntityContext): AssetDraft {
  return entity(term, 'term', context, (facts) => ({
    synonyms: unique([...term.synonyms, ...facts.synonyms]),
    context: [term.glossary.displayName ?? term.glossary.name].filter((word) => word !== undefined),
    ...present({
      url: facts.url ?? term.references.find((reference) => reference.endpoint !== undefined)?.endpoint,
    }),
  }));
}

function tableAsset(table: Table, context: EntityContext): AssetDraft {
  // `service.database.schema.table`: the warehouse itself knows nothing of the service.
  const parts = splitName(table.fullyQualifiedName ?? '');
  return entity(table, 'source', context, () => ({
    columns: table.columns.map((column) => ({
      name: column.name,
      description: column.description ?? '',
      ...present({ dataType: column.dataTypeDisplay ?? column.dataType?.toLowerCase() }),
      tags: column.tags,
      classification: classificationOf(metaLayers(), column.tags),
      meta: {},
    })),
    ...present({
      relation: parts.length > 1 ? parts.slice(1).join('.') : undefined,
      warehouse: context.warehouse,
    }),
  }));
}

function entity(
  given: Entity,
  kind: AssetKind,
  { now }: EntityContext,
  more: (facts: MetaFacts) => Partial<AssetDraft>,
): AssetDraft {
  const certification = isPlainObject(given.certification.tagLabel)
    ? asText(given.certification.tagLabel.tagFQN)
    : undefined;
  const tier = given.tags.find((tag) => /^Tier\.Tier\d$/.test(tag))?.slice(-1);
  const meta = { status: given.entityStatus, tier, ...given.extension };
  const facts = factsFrom([meta], given.tags, now);
  return newAsset(
    { sourceId: given.fullyQualifiedName ?? given.name, kind, name: given.name },
    {
      description: given.description ?? '',
      owners: given.owners.length > 0 ? given.owners.map(ownerOf) : facts.owners,
      tags: given.tags,
      certified: certification !== undefined || facts.certified,
      meta: given.extension,
      ...present({
        label: given.displayName,
        domain: given.domains[0]?.displayName ?? given.domains[0]?.name,
      }),
      ...more(facts),
    },
    facts,
  );
}

function ownerOf(reference: Reference): OwnerRef {
  const name = reference.displayName ?? reference.name ?? '';
  return reference.type === 'team' ? { team: reference.name ?? name } : { name };
}

/** Parts of a qualified name; a part with a dot in it is in quotes. */
function splitName(name: string): string[] {
  return (name.match(/"[^"]*"|[^."]+/g) ?? []).map((part) => part.replace(/"/g, ''));
}
