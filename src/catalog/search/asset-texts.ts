import type { Asset } from '../asset.js';

/** Names of the columns, then what is said of them. */
export function eachColumnText(asset: Asset, take: (text: string) => void): void {
  const columns = asset.columns.length > 120 ? asset.columns.slice(0, 120) : asset.columns;
  for (const column of columns) take(column.name);
  for (const { description } of columns)
    if (description !== '') take(description.length > 120 ? description.slice(0, 120) : description);
}

/** What the catalog holds around an asset: semantic model, measure, formula, domain, folder, time, unit, tags. */
export function eachContextText(asset: Asset, take: (text: string) => void): void {
  for (const text of asset.context) take(text);
  if (asset.formula) {
    const { expression, inputs } = asset.formula;
    take(expression.length > 300 ? expression.slice(0, 300) : expression);
    for (const input of inputs) take(input);
  }
  if (asset.domain !== undefined) take(asset.domain);
  if (asset.path !== undefined) take(withoutEnding(asset.path));
  if (asset.timeDimension !== undefined) take(asset.timeDimension);
  if (asset.grain !== undefined) take(asset.grain);
  if (asset.unit !== undefined) take(asset.unit);
  for (const tag of asset.tags) take(tag);
}

function withoutEnding(path: string): string {
  const dot = path.lastIndexOf('.');
  return dot > path.lastIndexOf('/') + 1 ? path.slice(0, dot) : path;
}
