import { SourceError } from '../../connector.js';
import type { PlainObject } from '../../meta/values.js';
import { Metadata } from './schema.js';

const oldestTested = 9;
const newestTested = 12;

/** Checks that this is a manifest that can be read, and says what may be missing when its version is not one of those tested. */
export function manifestVersion(
  manifest: PlainObject,
  file: string,
): { version: string; warnings: string[] } {
  const written = Metadata.safeParse(manifest.metadata ?? {}).data?.dbt_schema_version;
  if (written === undefined) {
    throw new SourceError(
      `${file} names no dbt schema version (metadata.dbt_schema_version), so it is no dbt manifest. Point the source at the manifest.json that dbt wrote.`,
    );
  }
  const [, artifact, number] = /\/([a-z-]+)\/v(\d+)\.json$/.exec(written) ?? [];
  if (artifact !== undefined && artifact !== 'manifest') {
    throw new SourceError(
      `${file} is a dbt ${artifact} file and no manifest. Point the source at the manifest.json that dbt wrote.`,
    );
  }
  if (manifest.nodes === undefined || manifest.nodes === null) {
    throw new SourceError(
      `${file} has no nodes: it is only half a manifest. Write it again with \`dbt parse\` and sync once more.`,
    );
  }
  const version = number === undefined ? written : `v${number}`;
  if (number !== undefined && Number(number) >= oldestTested && Number(number) <= newestTested)
    return { version, warnings: [] };
  return {
    version,
    warnings: [
      `${file} is a manifest ${version}. Versions v${oldestTested} to v${newestTested} are supported; this one was read as far as it is alike.`,
    ],
  };
}
