import { z } from 'zod';
import { type AssetKind, assetKinds } from '../../asset.js';

/** One line of a glossary by its folded headings; values are texts as they stand. */
export const GlossaryRow = z.record(z.string(), z.string());
export type GlossaryRow = z.infer<typeof GlossaryRow>;

/** Headings under which people write the same thing. The first that is there counts. */
export const headings = {
  name: ['name', 'term', 'metric', 'kpi', 'title'],
  id: ['id', 'key', 'code', 'slug'],
  kind: ['kind', 'type'],
  label: ['label', 'display_name', 'business_name'],
  description: ['description', 'definition', 'meaning'],
  formula: ['formula', 'expression', 'calculation', 'sql'],
  relation: ['relation', 'table'],
  tags: ['tags', 'labels'],
} as const;

/** A kind as written in a cell; a glossary without one holds terms. */
export function kindOf(written: string | undefined): AssetKind | undefined {
  if (written === undefined) return 'term';
  const word = written.toLowerCase().replace(/s$/, '');
  if (word === 'kpi' || word === 'measure') return 'metric';
  if (word === 'dashboard' || word === 'report') return 'exposure';
  if (word === 'table' || word === 'dataset') return 'model';
  return assetKinds.find((kind) => kind === word);
}
