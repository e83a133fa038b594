import { z } from 'zod';
import type { Asset } from './asset.js';
import { foldName } from './names.js';
import type { CatalogGap, CatalogView } from './view.js';

/** What `steward catalog lint` found wrong in one place. */
export const LintFinding = z.object({
  rule: z.enum([
    'missing-owner',
    'missing-description',
    'missing-grain',
    'missing-caveats',
    'missing-runbook',
    'missing-formula',
    'duplicate-name',
    'duplicate-alias',
    'broken-reference',
    'missing-successor',
    'source-conflict',
    'unknown-subject',
  ]),
  source: z.string(),
  source_id: z.string(),
  name: z.string(),
  message: z.string(),
  file: z.string().nullable(),
  line: z.number().nullable(),
});
export type LintFinding = z.infer<typeof LintFinding>;

/** What `steward catalog lint --json` writes. */
export const LintReport = z.object({ findings: z.array(LintFinding) });

type Rule = LintFinding['rule'];

/** Checks a catalog: what the most important assets must say, names that mean two things, references that lead nowhere. */
export function lintCatalog(catalog: CatalogView): LintFinding[] {
  return [
    ...catalog.assets().flatMap(lintAsset),
    ...catalog.assets().flatMap((asset) => lintSuccessor(asset, catalog)),
    ...duplicateNames(catalog),
    ...duplicateAliases(catalog),
    ...catalog.gaps.map((gap) => gapFinding(gap, catalog)),
    ...catalog.unresolved.map((edge): LintFinding => {
      const known = catalog.bySourceId(edge.to, edge.source);
      const name = known?.name ?? edge.to;
      return {
        ...finding(
          'broken-reference',
          known,
          `${name} refers to ${edge.from}, which ${edge.source} does not have.`,
        ),
        source: edge.source,
        source_id: edge.to,
        name,
      };
    }),
  ];
}

/** Tier 1 says who answers for it, what it is, at which grain, what to beware of (or "none known"), and what to do when it breaks. */
export function lintAsset(asset: Asset): LintFinding[] {
  if (asset.status === 'deprecated') return [];
  const missing: [Rule, boolean, string][] = [];
  if (asset.tier === 1) {
    missing.push(
      ['missing-owner', asset.owners.length === 0, 'has no owner'],
      ['missing-description', asset.description === '', 'has no description'],
      ['missing-caveats', asset.caveats.length === 0, 'has no caveats; write "none known" if there are none'],
      ['missing-runbook', asset.runbook === undefined, 'has no runbook'],
    );
    if (asset.kind === 'metric' || asset.kind === 'model') {
      missing.push(['missing-grain', asset.grain === undefined, 'has no grain']);
    }
  }
  if (asset.kind === 'metric' && asset.tier !== undefined && asset.tier <= 2) {
    missing.push(['missing-formula', asset.formula === undefined, 'has no formula']);
  }
  return missing
    .filter(([, isMissing]) => isMissing)
    .map(([rule, , what]) =>
      finding(rule, asset, `${asset.name} (${asset.kind}, tier ${asset.tier}) ${what}.`),
    );
}

function lintSuccessor(asset: Asset, catalog: CatalogView): LintFinding[] {
  if (asset.successor === undefined || catalog.resolve(asset.successor).length > 0) return [];
  return [
    finding(
      'missing-successor',
      asset,
      `${asset.name} points to ${asset.successor} as its successor, which is not in the catalog.`,
    ),
  ];
}

/** Two metrics, or two terms, of one name. Versions of one model share theirs by design, and tables are told apart by where they are. */
function duplicateNames(catalog: CatalogView): LintFinding[] {
  const named = catalog.assets().filter((asset) => asset.kind === 'metric' || asset.kind === 'term');
  return repeated(named, (asset) => [`${asset.kind} ${foldName(asset.name)}`]).flatMap(({ assets }) =>
    assets.map((asset) => {
      const others = assets
        .filter((other) => other !== asset)
        .map((other) => `${other.source}: ${other.sourceId}`);
      return finding('duplicate-name', asset, `${asset.name} is also the name of ${others.join(', ')}.`);
    }),
  );
}

/** An alias has to lead to one metric: it must not be another's alias, name or label. */
function duplicateAliases(catalog: CatalogView): LintFinding[] {
  const metrics = catalog.assets().filter((asset) => asset.kind === 'metric' || asset.kind === 'term');
  const aliases = (asset: Asset): string[] => [...new Set(asset.synonyms.map(foldName))];
  const names = (asset: Asset): string[] => [
    foldName(asset.name),
    ...(asset.label === undefined ? [] : [foldName(asset.label)]),
  ];
  const claimed = repeated(metrics, (asset) => [...new Set([...aliases(asset), ...names(asset)])]);
  return claimed.flatMap(({ key, assets }) =>
    assets
      .filter((asset) => aliases(asset).includes(key) && !names(asset).includes(key))
      .map((asset) => {
        const others = assets.filter((other) => other !== asset).map((other) => other.name);
        return finding(
          'duplicate-alias',
          asset,
          `The alias "${key}" of ${asset.name} also leads to ${others.join(', ')}.`,
        );
      }),
  );
}

/** Where sources disagree, or one speaks of what no other has. */
function gapFinding(gap: CatalogGap, catalog: CatalogView): LintFinding {
  const [id] = gap.assetIds;
  const asset = id === undefined ? undefined : catalog.get(id);
  return finding(gap.type === 'missing' ? 'unknown-subject' : 'source-conflict', asset, gap.message);
}

function repeated(
  assets: readonly Asset[],
  keysOf: (asset: Asset) => string[],
): { key: string; assets: Asset[] }[] {
  const byKey = new Map<string, Asset[]>();
  for (const asset of assets) {
    for (const key of keysOf(asset)) {
      const list = byKey.get(key);
      if (list === undefined) byKey.set(key, [asset]);
      else list.push(asset);
    }
  }
  return [...byKey].filter(([, list]) => list.length > 1).map(([key, list]) => ({ key, assets: list }));
}

function finding(rule: Rule, asset: Asset | undefined, message: string): LintFinding {
  const place = asset?.provenance['*'];
  return {
    rule,
    source: asset?.source ?? '',
    source_id: asset?.sourceId ?? '',
    name: asset?.name ?? '',
    message,
    file: place?.file ?? null,
    line: place?.line ?? null,
  };
}
