import path from 'node:path';
import type { z } from 'zod';
import type { AssetDraft, SourceSnapshot } from '../../asset.js';
import { warehouseCatalogFile } from '../../last-seen.js';
import type { PlainObject } from '../../meta/values.js';
import type { ArtifactFolder } from './files.js';
import { historySignals } from './history.js';
import { manifestSnapshot } from './manifest.js';
import { manifestVersion } from './manifest-version.js';
import { makeRecovery } from './recover.js';
import { Freshness, Manifest, RunResults, SemanticManifest, WarehouseCatalog } from './schema.js';
import { semanticManifestSnapshot } from './semantic-manifest.js';

export interface ArtifactSettings {
  warehouse?: string | undefined;
}

/** Turns artifacts, wherever they came from, into a snapshot. `projectFolders` may hold the YAML of formulas that a manifest lost. */
export async function artifactsSnapshot(
  { folder, artifacts, warnings }: ArtifactFolder,
  config: ArtifactSettings,
  now: Date,
  projectFolders: readonly string[],
): Promise<SourceSnapshot> {
  const settings = {
    now,
    ...(config.warehouse === undefined ? {} : { warehouse: config.warehouse }),
  };
  const semantic = SemanticManifest.parse(artifacts['semantic_manifest.json'] ?? {});
  const raw = artifacts['manifest.json'];
  if (raw === undefined) {
    const snapshot = semanticManifestSnapshot(semantic, { ...settings, groups: [] });
    return { ...snapshot, warnings: [...warnings, ...snapshot.warnings] };
  }
  const { version, warnings: versionWarnings } = manifestVersion(raw, path.join(folder, 'manifest.json'));
  const manifest = Manifest.parse(raw);
  const lost: string[] = [];
  const recover = makeRecovery({ manifest, semantic, projectFolders, lost });
  const companions = {
    ...parsed('catalog', WarehouseCatalog, artifacts['catalog.json'], warnings),
    ...parsed('runResults', RunResults, artifacts['run_results.json'], warnings),
    ...parsed('freshness', Freshness, artifacts['sources.json'], warnings),
  };
  const snapshot = await manifestSnapshot(manifest, companions, { ...settings, recover });
  const assetIds = new Set(snapshot.assets.map((asset) => asset.sourceId));
  const earlier = await historySignals(folder, manifest, (id) => assetIds.has(id));
  return {
    ...snapshot,
    signals: [...earlier.signals, ...snapshot.signals],
    warnings: [
      ...warnings,
      ...earlier.warnings,
      ...versionWarnings,
      ...otherRunWarning(manifest, companions.runResults),
      ...lostWarning(lost),
      ...unseenColumnsWarning(snapshot.assets, companions.catalog !== undefined),
      ...snapshot.warnings,
    ],
    info: {
      ...snapshot.info,
      manifest: version,
      warehouseColumns: companions.catalog === undefined ? 'no' : 'yes',
      ...(companions.runResults === undefined ? {} : { testsFrom: 'run_results.json' }),
      ...(companions.freshness === undefined ? {} : { freshnessFrom: 'sources.json' }),
    },
  };
}

function parsed<Key extends string, Schema extends z.ZodType>(
  key: Key,
  schema: Schema,
  raw: PlainObject | undefined,
  warnings: string[],
): { [Name in Key]?: z.infer<Schema> } {
  if (raw === undefined) return {};
  const outcome = schema.safeParse(raw);
  if (outcome.success) {
    const found: { [Name in Key]?: z.infer<Schema> } = {};
    found[key] = outcome.data;
    return found;
  }
  warnings.push(
    `The ${key} artifact has an unknown shape (${outcome.error.issues[0]?.path.join('.') ?? ''}); it is left out.`,
  );
  return {};
}

function otherRunWarning(manifest: Manifest, runResults: RunResults | undefined): string[] {
  const built = manifest.metadata.dbt_version;
  const ran = runResults?.metadata.dbt_version;
  if (built === undefined || ran === undefined || built === ran) return [];
  return [
    `run_results.json was written by dbt ${ran} and manifest.json by dbt ${built}: the test results may be of another state.`,
  ];
}

function lostWarning(lost: readonly string[]): string[] {
  if (lost.length === 0) return [];
  return [
    `${lost.length} metric(s) have no formula in the manifest, and no YAML of theirs was found (${lost.slice(0, 3).join(', ')}): their formula is unknown. Set \`project\` to the dbt project's folder.`,
  ];
}

/** Columns of these tables are a part at best: whoever reads the report must not take silence for "nothing changed". */
function unseenColumnsWarning(assets: readonly AssetDraft[], hasCatalog: boolean): string[] {
  if (hasCatalog) return [];
  const unseen = assets.filter((asset) => asset.columnsFrom === 'documentation').length;
  if (unseen === 0) return [];
  return [
    `There is no ${warehouseCatalogFile}: of ${unseen} table(s) only documented columns are known, and whether columns came or went cannot be known; those that an earlier ${warehouseCatalogFile} had stay. Run \`dbt docs generate\`.`,
  ];
}
