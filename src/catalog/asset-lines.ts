import type { Asset } from './asset.js';
import { listRow } from './list.js';
import type { CatalogView } from './view.js';

/** Everything known about one asset, a line each, for somebody at a terminal. What nobody said has no line. */
export function assetLines(view: CatalogView, asset: Asset): string[] {
  const row = listRow(asset);
  const said: [string, string | number | null | undefined][] = [
    ['owner', row.owners.join(', ')],
    ['tier', row.tier],
    [
      'state',
      [row.certified ? 'certified' : '', row.status === 'active' ? '' : row.status]
        .filter(Boolean)
        .join(', '),
    ],
    ['use', row.successor === null ? null : `${row.successor} instead`],
    ['formula', asset.formula?.expression],
    ['window', asset.formula?.window],
    ['unit', row.unit],
    ['grain', row.grain],
    ['time', row.time_dimension],
    ['by', row.dimensions.join(', ')],
    ['filters', row.filters.join('; ')],
    ['mind', row.caveats.join(' ')],
    ['also', row.synonyms.join(', ')],
    ['domain', row.domain],
    ['tags', row.tags.join(', ')],
    ['label', row.classification.join(', ')],
    ['table', row.relation],
    ['columns', asset.columns.length === 0 ? null : asset.columns.map((column) => column.name).join(', ')],
    ['url', row.url],
    ['read in', row.file],
  ];
  return [
    `${asset.kind} ${asset.name}${asset.label ? ` (${asset.label})` : ''}`,
    `  ${asset.sourceId}`,
    ...(asset.description ? [`  ${asset.description.replaceAll('\n', '\n  ')}`] : []),
    ...said.flatMap(([name, value]) =>
      value === null || value === undefined || value === '' ? [] : [`  ${name.padEnd(9)} ${value}`],
    ),
    ...view
      .latestSignals(asset.id)
      .map((signal) => `  ${signal.type.padEnd(9)} ${signal.name}: ${signal.status} (${signal.observedAt})`),
    `  upstream  ${view.upstream(asset.id).length}, downstream ${view.downstream(asset.id).length}`,
  ];
}
