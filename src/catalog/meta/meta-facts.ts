import type { AssetDraft, FreshnessSla, OwnerRef } from '../asset.js';
import { classificationOf } from './classification.js';
import { allValues, firstValue, type MetaLayer } from './layers.js';
import { executorOf, partitionOf } from './operations.js';
import { standingOf } from './standing.js';
import { asMinutes, asOwners, asText, asTexts, asTier, isPlainObject, unique } from './values.js';

/** The part of an asset that people write by hand beside it, whatever tool they write it for. */
export type MetaFacts = Partial<
  Pick<
    AssetDraft,
    | 'label'
    | 'unit'
    | 'grain'
    | 'timeDimension'
    | 'runbook'
    | 'exampleQuery'
    | 'backupOwner'
    | 'domain'
    | 'tier'
    | 'successor'
    | 'deprecatedOn'
    | 'warehouse'
    | 'executor'
    | 'partition'
    | 'freshnessSla'
    | 'url'
  >
> &
  Pick<
    AssetDraft,
    | 'synonyms'
    | 'dimensions'
    | 'filters'
    | 'caveats'
    | 'owners'
    | 'certified'
    | 'status'
    | 'classification'
    | 'context'
  >;

const keys = {
  synonyms: [
    'synonyms',
    'synonym',
    'aliases',
    'alias',
    'aka',
    'also_known_as',
    'alternative_names',
    'alternate_names',
    'alt_names',
    'other_names',
    'former_names',
    'previous_names',
    'business_names',
    'business_name',
    'acronym',
    'acronyms',
    'abbreviation',
    'abbreviations',
    'abbr',
    'question_synonyms',
  ],
  context: [
    'keywords',
    'search_terms',
    'topics',
    'questions',
    'sample_questions',
    'example_questions',
    'verified_questions',
  ],
  owners: [
    'owners',
    'owner',
    'data_owner',
    'business_owner',
    'owned_by',
    'owner_email',
    'data_steward',
    'maintainer',
    'maintainers',
    'contact',
  ],
  team: ['team', 'owner_team', 'owning_team', 'squad'],
  backup: ['backup_owner', 'backup', 'deputy', 'secondary_owner'],
  caveats: ['caveats', 'caveat', 'known_issues', 'limitations', 'gotchas', 'warnings', 'caution'],
  dimensions: ['allowed_dimensions', 'dimensions'],
  filters: ['default_filters', 'filters', 'filter'],
  freshness: ['freshness_sla', 'freshness', 'sla', 'expected_freshness', 'sla_hours', 'freshness_sla_hours'],
} as const;

/** Reads every fact that hand-written metadata may hold. `tags` count too, where they say the same (`pii`, `certified`, `tier_1`). */
export function readMetaFacts(layers: readonly MetaLayer[], tags: readonly string[], now: Date): MetaFacts {
  const text = (...names: string[]): string | undefined => asText(firstValue(layers, names));
  const tier =
    asTier(firstValue(layers, ['tier', 'importance', 'criticality', 'priority', 'level'])) ??
    tierOfTags(tags);
  const backupOwner = asOwners(firstValue(layers, keys.backup))[0];
  const executor = executorOf(layers);
  const partition = partitionOf(layers);
  const freshnessSla = freshnessOf(firstValue(layers, keys.freshness));
  return {
    synonyms: unique(allValues(layers, keys.synonyms).flatMap((value) => asTexts(value, { split: true }))),
    context: unique(allValues(layers, keys.context).flatMap((value) => asTexts(value, { split: true }))),
    owners: ownersOf(layers),
    caveats: unique(allValues(layers, keys.caveats).flatMap((value) => asTexts(value))),
    dimensions: asTexts(firstValue(layers, keys.dimensions), { split: true }),
    filters: filtersOf(firstValue(layers, keys.filters)),
    classification: classificationOf(layers, tags),
    ...standingOf(layers, tags, now),
    ...present({
      label: text('label', 'display_name', 'title', 'friendly_name'),
      unit: text('unit', 'units', 'unit_of_measure', 'unit_of_measurement', 'currency'),
      grain: text('grain', 'granularity', 'time_grain'),
      timeDimension: text('time_dimension', 'time_column', 'timestamp'),
      runbook: text('runbook', 'runbook_url', 'playbook'),
      exampleQuery: text('example_query', 'example_sql', 'sample_query'),
      domain: text('domain', 'business_domain', 'subject_area', 'business_area', 'data_domain'),
      warehouse: text('warehouse'),
      url: text('url', 'docs_url', 'documentation_url', 'link', 'dashboard_url'),
      tier,
      backupOwner,
      executor,
      partition,
      freshnessSla,
    }),
  };
}

function ownersOf(layers: readonly MetaLayer[]): OwnerRef[] {
  const owners = asOwners(firstValue(layers, keys.owners));
  const team = asText(firstValue(layers, keys.team));
  if (team === undefined) return owners;
  const [first, ...rest] = owners;
  return first === undefined ? [{ team }] : [{ team, ...first }, ...rest];
}

/** Filters are written as conditions or as `{column: value}`. */
function filtersOf(value: unknown): string[] {
  if (isPlainObject(value)) {
    return Object.entries(value).flatMap(([column, condition]) =>
      asTexts(condition).map((text) => `${column} = ${text}`),
    );
  }
  return asTexts(value);
}

function freshnessOf(value: unknown): FreshnessSla | undefined {
  const whole = asMinutes(value);
  if (whole !== undefined) return { errorAfterMinutes: whole };
  if (!isPlainObject(value)) return undefined;
  const warn = asMinutes(value.warn_after ?? value.warnAfter);
  const error = asMinutes(value.error_after ?? value.errorAfter ?? value.max_age ?? value.hours);
  if (warn === undefined && error === undefined) return undefined;
  return present({ warnAfterMinutes: warn, errorAfterMinutes: error });
}

function tierOfTags(tags: readonly string[]): number | undefined {
  for (const tag of tags) {
    const tier = /^tier[\W_]?\d$|^(?:gold|silver|bronze)$/i.test(tag)
      ? asTier(tag.replace(':', ' '))
      : undefined;
    if (tier !== undefined) return tier;
  }
  return undefined;
}

/** Leaves out what is undefined: an absent field is absent. */
export function present<Fields extends object>(
  fields: Fields,
): { [Key in keyof Fields]?: Exclude<Fields[Key], undefined> } {
  const kept: { [Key in keyof Fields]?: Exclude<Fields[Key], undefined> } = {};
  for (const key of Object.keys(fields)) {
    if (isKeyOf(fields, key) && isDefined(fields[key])) kept[key] = fields[key];
  }
  return kept;
}

function isKeyOf<Fields extends object>(fields: Fields, key: PropertyKey): key is keyof Fields {
  return key in fields;
}

function isDefined<Value>(value: Value): value is Exclude<Value, undefined> {
  return value !== undefined;
}
