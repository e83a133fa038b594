import { Graphviz } from '@hpcc-js/wasm-graphviz';
import { fontFamily } from './fonts.js';
import { labelLines } from './label.js';
import { toPng } from './png.js';

export interface PictureAsset {
  assetId: string;
  name: string;
  kind: string;
  /** `direct` and `downstream`: of an incident, broken and affected. `asked`, `upstream`, `used`: of a question, where nothing is wrong. */
  relation: 'direct' | 'downstream' | 'asked' | 'upstream' | 'used';
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

/** The lineage of an incident or of an asset that was asked about. Of an incident: broken in red and marked in words, affected in amber, with what leads from one to the other. */
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

const looks: Record<PictureAsset['relation'], string> = {
  direct: 'fillcolor="#fbd5d5", color="#b3261e", penwidth=3',
  downstream: 'fillcolor="#fff1cc", color="#8a6100"',
  asked: 'fillcolor="#d8e7fb", color="#1d4f91", penwidth=3',
  upstream: 'fillcolor="#f3f3f3", color="#555555"',
  used: 'fillcolor="#ffffff", color="#555555"',
};

/** Graphviz' language; every label is a quoted string in which only what we put can end it. */
export function toDot(title: string, assets: readonly PictureAsset[], hidden: number): string {
  const ids = new Map(assets.map(({ assetId }, index) => [assetId, `n${index}`]));
  const boxes = assets.map((asset) => {
    const broken = asset.relation === 'direct';
    const about = `${asset.kind}${asset.tier === null ? '' : `, tier ${asset.tier}`}`;
    const lines = [...labelLines(`${broken ? 'BROKEN: ' : ''}${asset.name}`), about];
    return `  ${ids.get(asset.assetId)} [label="${lines.map(quote).join('\\n')}", ${looks[asset.relation]}];`;
  });
  const edges = assets.flatMap((asset) => {
    const from = asset.viaId === null ? undefined : ids.get(asset.viaId);
    if (from === undefined) return [];
    const to = ids.get(asset.assetId);
    // What a thing is built from was reached against the flow of data; arrows follow the flow.
    return asset.relation === 'upstream' ? [`  ${to} -> ${from};`] : [`  ${from} -> ${to};`];
  });
  const more =
    hidden > 0 ? [`  more [label="and ${hidden} more,\\nnot drawn here", shape=plaintext, style=""];`] : [];
  return [
    'digraph lineage {',
    `  graph [rankdir=LR, bgcolor=white, pad=0.3, nodesep=0.25, ranksep=0.6, fontname="${fontFamily}", labelloc=t, label="${quote(title.replaceAll(/\s+/g, ' '))}"];`,
    `  node [shape=box, style="filled,rounded", fontname="${fontFamily}", fontsize=12, margin="0.18,0.1"];`,
    '  edge [color="#555555", arrowsize=0.7];',
    ...boxes,
    ...edges,
    ...more,
    '}',
  ].join('\n');
}

function quote(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

/** The picture in words. */
export function altTextOf(title: string, assets: readonly PictureAsset[]): string {
  const named = (wanted: PictureAsset['relation']): string[] =>
    assets.filter(({ relation }) => relation === wanted).map(({ name }) => name);
  const list = (names: readonly string[]): string =>
    names.length <= 12 ? names.join(', ') : `${names.slice(0, 12).join(', ')} and ${names.length - 12} more`;
  const words =
    named('asked').length > 0
      ? `${title}. Built from: ${list(named('upstream')) || 'nothing known'}. Used by: ${list(named('used')) || 'nothing known'}.`
      : `${title}. Broken: ${list(named('direct')) || 'nothing named'}. Affected downstream: ${list(named('downstream')) || 'nothing'}.`;
  return words.length <= 1_900 ? words : `${words.slice(0, 1_899)}…`;
}
