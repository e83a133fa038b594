import type { Provenance, SourceSnapshot } from './asset.js';

/**
 * The snapshot with an address beside every file that it names. `{path}` in `fileUrl` stands for the file's path in the source, `{line}` for its line; where
 * no line is known, the fragment that asks for one (`#L{line}`) is left out.
 */
export function withFileLinks(snapshot: SourceSnapshot, fileUrl: string | undefined): SourceSnapshot {
  if (fileUrl === undefined) return snapshot;
  const assets = snapshot.assets.map((asset) => ({
    ...asset,
    provenance: Object.fromEntries(
      Object.entries(asset.provenance).map(([field, place]) => [field, withLink(place, fileUrl)]),
    ),
  }));
  return { ...snapshot, assets };
}

function withLink(place: Provenance, fileUrl: string): Provenance {
  if (place.file === undefined || place.url !== undefined) return place;
  const file = place.file.split('/').map(encodeURIComponent).join('/');
  const wanted = place.line === undefined ? fileUrl.replace(/#[^#]*\{line\}[^#]*$/, '') : fileUrl;
  const url = wanted.replaceAll('{path}', file).replaceAll('{line}', String(place.line ?? ''));
  return { ...place, url };
}

/** Addresses at which each source's commits can be looked at, by the source's name. */
export type CommitLinks = ReadonlyMap<string, string>;

/** Where a commit can be looked at: `{revision}` of the source's `commitUrl` stands for it. */
export function commitLink(links: CommitLinks, source: string, revision: string | null | undefined) {
  const commitUrl = links.get(source);
  if (commitUrl === undefined || !revision) return undefined;
  return commitUrl.replaceAll('{revision}', encodeURIComponent(revision));
}
