import { createHash } from 'node:crypto';
import type { AssetDraft } from './asset.js';
import type { SchemaChange } from './schema-changes.js';
import { schemaChanges } from './schema-changes.js';
import { changesMeaning } from './wording.js';

export type { SchemaChange } from './schema-changes.js';

/** What a version is about, the weightiest first: what it means, what shape it has, what builds it, who answers for it, how it is worded. */
export type ChangeKind =
  | 'created'
  | 'restored'
  | 'removed'
  | 'meaning'
  | 'schema'
  | 'code'
  | 'governance'
  | 'wording';

export type FieldKind = Exclude<ChangeKind, 'created' | 'restored' | 'removed'>;

export interface FieldChange {
  field: string;
  kind: FieldKind;
  /** The value as text; null when there was none. */
  before: string | null;
  after: string | null;
}

export interface Difference {
  change: FieldKind;
  changes: FieldChange[];
  schemaChanges: SchemaChange[];
  /** Whether something that others build on may stop working. */
  breaking: boolean;
}

/**
 * What each field is about. `description` is not here: whether new words are a new meaning is looked into word by word; nor is
 * `codeChecksum`, which a source may not give. Fields
 * that are absent here (`provenance`, `context`, `path`) say where and how something is written, and are no part of what an asset is.
 */
const fieldKinds = {
  name: 'meaning',
  kind: 'meaning',
  formula: 'meaning',
  unit: 'meaning',
  grain: 'meaning',
  timeDimension: 'meaning',
  dimensions: 'meaning',
  filters: 'meaning',
  relation: 'schema',
  warehouse: 'schema',
  partition: 'schema',
  contract: 'schema',
  version: 'schema',
  owners: 'governance',
  backupOwner: 'governance',
  domain: 'governance',
  tier: 'governance',
  certified: 'governance',
  status: 'governance',
  successor: 'governance',
  deprecatedOn: 'governance',
  classification: 'governance',
  freshnessSla: 'governance',
  executor: 'governance',
  label: 'wording',
  synonyms: 'wording',
  caveats: 'wording',
  runbook: 'wording',
  exampleQuery: 'wording',
  url: 'wording',
  tags: 'wording',
} as const satisfies Partial<Record<keyof AssetDraft, FieldKind>>;

const weight: readonly FieldKind[] = ['meaning', 'schema', 'code', 'governance', 'wording'];

/** Identity of an asset's content: the same for the same words whatever the order of keys, and whatever file they moved to. */
export function contentHash(draft: AssetDraft): string {
  const { provenance: _, path: __, context: ___, meta: ____, columnsFrom: _____, ...content } = draft;
  return createHash('sha256').update(canonical(content)).digest('hex');
}

/** What changed between two states of one asset; undefined when nothing did that counts. */
export function differenceOf(before: AssetDraft, after: AssetDraft): Difference | undefined {
  const changes: FieldChange[] = [];
  for (const [field, kind] of fields()) {
    const [old, now] = [before[field], after[field]];
    if (canonical(old ?? null) !== canonical(now ?? null)) {
      changes.push({
        field,
        kind: kindOf(field, kind, before, after),
        before: shown(old),
        after: shown(now),
      });
    }
  }
  if (before.description !== after.description) {
    changes.push({
      field: 'description',
      kind: changesMeaning(before.description, after.description) ? 'meaning' : 'wording',
      before: shown(before.description),
      after: shown(after.description),
    });
  }
  if (codeChanged(before, after)) {
    changes.push({
      field: 'codeChecksum',
      kind: 'code',
      before: shown(before.codeChecksum),
      after: shown(after.codeChecksum),
    });
  }
  const schema = schemaChanges(before, after);
  for (const { column, change, before: old, after: now } of schema) {
    changes.push({
      field: `columns.${column}`,
      kind: change === 'described' ? 'wording' : 'schema',
      before: old,
      after: now,
    });
  }
  const change = weight.find((kind) => changes.some((each) => each.kind === kind));
  if (change === undefined) return undefined;
  const moved = before.relation !== undefined && before.relation !== after.relation;
  return { change, changes, schemaChanges: schema, breaking: moved || schema.some((each) => each.breaking) };
}

/** Whether a table is built by other code than before. A checksum that was not read yet, or is read no more, is no such change. */
export function codeChanged(before: AssetDraft, after: AssetDraft): boolean {
  const [old, now] = [before.codeChecksum, after.codeChecksum];
  return old !== undefined && now !== undefined && old !== now;
}

/** A further dimension is an offer, not another meaning; one that is gone may be missed. */
function kindOf(field: string, kind: FieldKind, before: AssetDraft, after: AssetDraft): FieldKind {
  if (field !== 'dimensions') return kind;
  return before.dimensions.every((dimension) => after.dimensions.includes(dimension)) ? 'wording' : 'meaning';
}

function fields(): [keyof typeof fieldKinds, FieldKind][] {
  const entries: [keyof typeof fieldKinds, FieldKind][] = [];
  for (const field of Object.keys(fieldKinds)) {
    if (isField(field)) entries.push([field, fieldKinds[field]]);
  }
  return entries;
}

function isField(field: string): field is keyof typeof fieldKinds {
  return field in fieldKinds;
}

function shown(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') return value === '' ? null : value;
  if (Array.isArray(value) && value.every((item) => typeof item === 'string'))
    return value.length === 0 ? null : value.join(', ');
  if (isFormula(value)) return value.expression;
  return canonical(value);
}

function isFormula(value: unknown): value is { expression: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'expression' in value &&
    typeof value.expression === 'string'
  );
}

/** JSON with sorted keys: equal for equal content. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
