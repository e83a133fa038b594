import path from 'node:path';
import { z } from 'zod';
import type { AssetDraft, SourceSnapshot } from '../../asset.js';
import type { SourceConnector } from '../../connector.js';
import { present } from '../../meta/meta-facts.js';
import { asTexts } from '../../meta/values.js';
import { factsFrom, newAsset } from '../../new-asset.js';
import { rowsOf } from '../csv-rows.js';
import { readSourceFiles } from '../source-files.js';
import { type GlossaryRow, headings, kindOf } from './schema.js';

const Config = z.strictObject({
  /** A CSV file, or a folder of them. */
  path: z.string().min(1),
});
type Config = z.infer<typeof Config>;

/** A glossary kept in a spreadsheet: one line per term or metric, with the headings people use anyway. */
export const csvGlossary = {
  type: 'csv',
  isWritten: true,
  config: Config,
  fromPath: (given) => ({ path: given }),
  read: async (config, context) => {
    const wanted = { pattern: /\.(?:csv|tsv)$/i, what: 'CSV file with a heading line' };
    const files = await readSourceFiles(path.resolve(context.baseDir, config.path), wanted, context.signal);
    const warnings: string[] = [];
    const taken = new Set<string>();
    const assets = files.flatMap((file) =>
      rowsOf(file).flatMap(
        ({ row, line }) =>
          assetOf(row, { file: file.path, line }, { now: context.now, taken, warnings }) ?? [],
      ),
    );
    const snapshot: SourceSnapshot = {
      assets,
      edges: [],
      signals: [],
      warnings,
      info: { files: String(files.length) },
    };
    return snapshot;
  },
} satisfies SourceConnector<Config>;

function assetOf(
  row: GlossaryRow,
  place: { file: string; line: number },
  context: { now: Date; taken: Set<string>; warnings: string[] },
): AssetDraft | undefined {
  const cell = (key: keyof typeof headings): string | undefined =>
    headings[key].map((heading) => row[heading]).find((value) => value !== undefined);
  const name = cell('name');
  // A list headed "metric" or "KPI" is one of metrics, whatever else it says.
  const listed = row.name === undefined && row.term === undefined && (row.metric ?? row.kpi) !== undefined;
  const kind = kindOf(cell('kind') ?? (listed ? 'metric' : undefined));
  if (name === undefined || kind === undefined) {
    const missing =
      name === undefined
        ? `has no name (${headings.name.join(', ')})`
        : `is of an unknown kind "${cell('kind')}"`;
    context.warnings.push(`${place.file}, line ${place.line}: the line ${missing}; it was left out.`);
    return undefined;
  }
  const wanted = cell('id') ?? name;
  let sourceId = wanted;
  for (let number = 2; context.taken.has(sourceId); number += 1) sourceId = `${wanted}#${number}`;
  if (sourceId !== wanted)
    context.warnings.push(`${place.file}, line ${place.line}: ${wanted} is there already; both are kept.`);
  context.taken.add(sourceId);
  const tags = asTexts(cell('tags'), { split: true });
  const formula = cell('formula');
  // What a heading means is said above; the rest is read like any hand-written metadata.
  const { kind: _, type: __, label: ___, ...written } = row;
  const meta = Object.fromEntries(
    Object.entries(written).map(([heading, value]) => [heading, value.replace(/\s*\|\s*/g, '; ')]),
  );
  return newAsset(
    { sourceId, kind, name },
    {
      description: cell('description') ?? '',
      tags,
      meta: row,
      provenance: { '*': place },
      ...present({
        label: cell('label'),
        relation: cell('relation'),
        formula: formula === undefined ? undefined : { type: 'expression', expression: formula, inputs: [] },
      }),
    },
    factsFrom([meta], tags, context.now),
  );
}
