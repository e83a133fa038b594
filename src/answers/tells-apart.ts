import type { Asset } from '../catalog/asset.js';
import type { Offer } from './answer-types.js';
import type { AnswerContext } from './context.js';
import { codeLine, kindWord, ownerInWords, plain } from './words.js';

type Named = Pick<AnswerContext, 'personName'>;

/** What tells candidates apart: the first properties that differ between them, else their purpose. */
export function makeOffers(assets: readonly Asset[], context: Named): Offer[] {
  const shown = assets.slice(0, 5);
  return shown.map((asset) => ({ asset, tellsApart: tellsApart(asset, shown, context) }));
}

const properties: readonly { name: string; of: (asset: Asset, context: Named) => string | undefined }[] = [
  { name: 'kind', of: (asset) => kindWord[asset.kind] },
  { name: 'version', of: (asset) => (asset.version === undefined ? undefined : `version ${asset.version}`) },
  { name: 'grain', of: (asset) => (asset.grain === undefined ? undefined : `per ${asset.grain}`) },
  { name: 'unit', of: (asset) => (asset.unit === undefined ? undefined : `in ${asset.unit}`) },
  {
    name: 'formula',
    of: (asset) => (asset.formula === undefined ? undefined : codeLine(asset.formula.expression, 60)),
  },
  { name: 'status', of: (asset) => (asset.status === 'active' ? undefined : asset.status) },
  { name: 'domain', of: (asset) => (asset.domain === undefined ? undefined : `domain ${asset.domain}`) },
  { name: 'source', of: (asset) => `from ${asset.source}` },
  {
    name: 'owner',
    of: (asset, { personName }) =>
      asset.owners.map((owner) => owner.team ?? ownerInWords(owner, personName)).join(', ') || undefined,
  },
  { name: 'path', of: (asset) => asset.path },
];

function tellsApart(asset: Asset, among: readonly Asset[], context: Named): string {
  const parts: string[] = [];
  const label = asset.label;
  if (label !== undefined && among.some((other) => other.id !== asset.id && other.label === label))
    parts.push(asset.name);
  for (const { of } of properties) {
    if (parts.length >= 2) break;
    const own = of(asset, context);
    if (own !== undefined && among.some((other) => other.id !== asset.id && of(other, context) !== own))
      parts.push(own);
  }
  const purpose = plain(asset.description, 110);
  if (
    purpose !== '' &&
    among.every((other) => other.id === asset.id || other.description !== asset.description)
  ) {
    parts.push(purpose.replace(/[\s.,;:…]+$/u, ''));
  }
  return parts.join(', ');
}
