import { parse } from 'yaml';
import { z } from 'zod';
import type { AssetDraft, EdgeDraft } from '../../asset.js';
import { listOf, text, texts } from '../../meta/fields.js';
import { present } from '../../meta/meta-facts.js';
import { unique } from '../../meta/values.js';
import { newAsset } from '../../new-asset.js';
import type { SourceFile } from '../source-files.js';

const Element = z.object({ title: text, explore: text, fields: texts, measures: texts, dimensions: texts });
/** A dashboard as LookML writes it down, which is YAML: https://cloud.google.com/looker/docs/reference/param-lookml-dashboard */
const Dashboard = z.object({
  dashboard: z.string().min(1),
  title: text,
  description: text,
  elements: listOf(Element),
});

/** Dashboards as exposures of the measures and views that their tiles show. `known` holds what there is to be shown. */
export function dashboardAssets(
  files: readonly SourceFile[],
  known: ReadonlySet<string>,
  warnings: string[],
): { assets: AssetDraft[]; edges: EdgeDraft[] } {
  const assets: AssetDraft[] = [];
  const edges: EdgeDraft[] = [];
  for (const file of files) {
    for (const dashboard of dashboardsIn(file, warnings)) {
      const sourceId = `dashboard.${dashboard.dashboard}`;
      const fields = unique(
        dashboard.elements.flatMap((element) => [
          ...element.fields,
          ...element.measures,
          ...element.dimensions,
        ]),
      );
      const views = unique(fields.flatMap((field) => field.split('.')[0] ?? [])).map(
        (view) => `view.${view}`,
      );
      const shown = [...fields, ...views].filter((id) => known.has(id));
      edges.push(...shown.map((from): EdgeDraft => ({ from, to: sourceId, kind: 'exposes' })));
      assets.push(
        newAsset(
          { sourceId, kind: 'exposure', name: dashboard.dashboard },
          {
            description: dashboard.description ?? '',
            context: dashboard.elements.flatMap((element) => element.title ?? []),
            provenance: { '*': { file: file.path } },
            ...present({ label: dashboard.title }),
          },
        ),
      );
    }
  }
  return { assets, edges };
}

function dashboardsIn(file: SourceFile, warnings: string[]): z.infer<typeof Dashboard>[] {
  try {
    return listOf(Dashboard).parse(parse(file.text, { logLevel: 'error' }));
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    warnings.push(`${file.path}: ${reason}; the file was left out.`);
    return [];
  }
}
