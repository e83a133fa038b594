import { Graphviz } from '@hpcc-js/wasm-graphviz';
import { fontFamily, toPng } from './png.js';

export interface PictureAsset {
  assetId: string;
  name: string;
  kind: string;
  relation: 'direct' | 'downstream';
  viaId: string | null;
  tier: number | null;
  distance: number;
}

export interface LineagePicture {
  png: Uint8Array;
  svg: string;
  altText: string;
}

/** More than this many boxes is a picture of nothing: the nearest and the most important are kept, the rest is counted. */
const maxBoxes = 40;

let graphviz: Promise<Graphviz> | undefined;

/** The lineage of an incident: broken in red and marked in words, affected in amber, with what leads from one to the other. */
export async function drawLineage(title: string, assets: readonly PictureAsset[]): Promise<LineagePicture> {
  graphviz ??= Graphviz.load();
  const shown = choose(assets);
  const svg = (await graphviz).dot(toDot(title, shown, assets.length - shown.length));
  return { svg, png: toPng(svg), altText: altTextOf(title, assets) };
}

/** Nearest first, then the more important; whatever leads to a shown box is shown too. */
function choose(assets: readonly PictureAsset[]): PictureAsset[] {
  const byId = new Map(assets.map((asset) => [asset.assetId, asset]));
  const chosen = new Map<string, PictureAsset>();
  const ordered = [...assets].sort(
    (a, b) => a.distance - b.distance || (a.tier ?? 99) - (b.tier ?? 99) || (a.name < b.name ? -1 : 1),
  );
  for (const asset of ordered) {
    const path: PictureAsset[] = [];
    for (
      let current: PictureAsset | undefined = asset;
      current !== undefined && !chosen.has(current.assetId) && path.length <= maxBoxes;
    ) {
      path.push(current);
      current = current.viaId === null ? undefined : byId.get(current.viaId);
    }
    if (chosen.size + path.length > maxBoxes) continue;
    for (const step of path) chosen.set(step.assetId, step);
  }
  return [...chosen.values()];
}

/** Graphviz' language; every label is a quoted string in which only what we put can end it. */
export function toDot(title: string, assets: readonly PictureAsset[], hidden: number): string {
  const ids = new Map(assets.map(({ assetId }, index) => [assetId, `n${index}`]));
  const boxes = assets.map((asset) => {
    const broken = asset.relation === 'direct';
    const label = `${broken ? 'BROKEN: ' : ''}${asset.name}\n${asset.kind}${asset.tier === null ? '' : `, tier ${asset.tier}`}`;
    const look = broken
      ? 'fillcolor="#fbd5d5", color="#b3261e", penwidth=3'
      : 'fillcolor="#fff1cc", color="#8a6100"';
    return `  ${ids.get(asset.assetId)} [label="${quote(label)}", ${look}];`;
  });
  const edges = assets.flatMap((asset) => {
    const from = asset.viaId === null ? undefined : ids.get(asset.viaId);
    return from === undefined ? [] : [`  ${from} -> ${ids.get(asset.assetId)};`];
  });
  const more = hidden > 0 ? [`  more [label="and ${hidden} more", shape=plaintext, style=""];`] : [];
  return [
    'digraph incident {',
    `  graph [rankdir=LR, bgcolor=white, pad=0.3, nodesep=0.25, ranksep=0.6, fontname="${fontFamily}", labelloc=t, label="${quote(title)}"];`,
    `  node [shape=box, style="filled,rounded", fontname="${fontFamily}", fontsize=12, margin="0.18,0.1"];`,
    '  edge [color="#555555", arrowsize=0.7];',
    ...boxes,
    ...edges,
    ...more,
    '}',
  ].join('\n');
}

function quote(text: string): string {
  const clipped = text.length > 120 ? `${text.slice(0, 119)}…` : text;
  return [...clipped]
    .filter((char) => char === '\n' || char >= ' ')
    .join('')
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\n', '\\n');
}

/** The picture in words. */
export function altTextOf(title: string, assets: readonly PictureAsset[]): string {
  const broken = assets.filter(({ relation }) => relation === 'direct').map(({ name }) => name);
  const affected = assets.filter(({ relation }) => relation === 'downstream').map(({ name }) => name);
  const list = (names: readonly string[]): string =>
    names.length <= 12 ? names.join(', ') : `${names.slice(0, 12).join(', ')} and ${names.length - 12} more`;
  const words = `${title}. Broken: ${list(broken) || 'nothing named'}. Affected downstream: ${list(affected) || 'nothing'}.`;
  return words.length <= 1_900 ? words : `${words.slice(0, 1_899)}…`;
}
