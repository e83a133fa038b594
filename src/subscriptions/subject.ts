import type { Asset } from '../catalog/asset.js';
import type { CatalogView } from '../catalog/view.js';

/** What somebody may want to hear of: one asset, or everything of a domain. */
export type Subject = { assetId: string } | { domain: string };

const domainPrefix = 'domain:';

/** As a button carries it: the asset's id, or `domain:<name>`. */
export function subjectValue(subject: Subject): string {
  return 'assetId' in subject ? subject.assetId : `${domainPrefix}${subject.domain}`;
}

export function readSubject(value: string): Subject {
  return value.startsWith(domainPrefix) ? { domain: value.slice(domainPrefix.length) } : { assetId: value };
}

/** The domain of this name, as far as the reader sees anything of it. A domain all of whose assets are hidden is not there. */
export function domainNamed(
  view: CatalogView,
  words: string,
  maySee: (asset: Asset) => boolean,
): string | null {
  const wanted = words
    .trim()
    .toLowerCase()
    .replace(/^(?:the\s+)?domain\s+/, '');
  for (const asset of view.assets())
    if (asset.domain !== undefined && asset.domain.toLowerCase() === wanted && maySee(asset))
      return asset.domain;
  return null;
}
