import { z } from 'zod';
import { assetKinds } from './asset.js';
import { differenceOf } from './versions.js';
import type { CatalogView } from './view.js';

/** One asset that differs between two states of a catalog. */
export const CatalogChange = z.object({
  source_id: z.string(),
  kind: z.enum(assetKinds),
  name: z.string(),
  change: z.enum(['created', 'removed', 'meaning', 'schema', 'code', 'governance', 'wording']),
  /** Whether something that reads it may break: columns gone or of another type. */
  breaking: z.boolean(),
  /** Names of the fields that differ. */
  fields: z.array(z.string()),
  summary: z.string(),
});
export type CatalogChange = z.infer<typeof CatalogChange>;

/** What `steward catalog diff --json` writes. */
export const CatalogDiff = z.object({ changes: z.array(CatalogChange) });

/** What changed from one state to another, by the source's own identifiers, in the order of the newer one; what is gone comes last. */
export function diffCatalogs(before: CatalogView, after: CatalogView): CatalogChange[] {
  const changes: CatalogChange[] = [];
  for (const asset of after.assets()) {
    const { sourceId, kind, name } = asset;
    const old = before.bySourceId(sourceId);
    if (!old) {
      changes.push({
        source_id: sourceId,
        kind,
        name,
        change: 'created',
        breaking: false,
        fields: [],
        summary: '',
      });
      continue;
    }
    const difference = differenceOf(old, asset);
    if (!difference) continue;
    const fields = difference.changes.map((change) => change.field);
    changes.push({
      source_id: sourceId,
      kind,
      name,
      change: difference.change,
      breaking: difference.breaking,
      fields,
      summary: fields.join(', '),
    });
  }
  for (const { sourceId, kind, name } of before.assets()) {
    if (!after.bySourceId(sourceId))
      changes.push({
        source_id: sourceId,
        kind,
        name,
        change: 'removed',
        breaking: true,
        fields: [],
        summary: '',
      });
  }
  return changes;
}
