import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { SourceError } from '../../connector.js';
import { isPlainObject, type PlainObject } from '../../meta/values.js';

const artifactNames = [
  'manifest.json',
  'semantic_manifest.json',
  'catalog.json',
  'run_results.json',
  'sources.json',
] as const;
export type ArtifactName = (typeof artifactNames)[number];
export type Artifacts = Partial<Record<ArtifactName, PlainObject>>;

/** The folder with the artifacts, and what was read there. */
export interface ArtifactFolder {
  folder: string;
  artifacts: Artifacts;
  warnings: string[];
}

/** Reads the artifacts in a folder: the one given, the one of a file given, or `target/` in a project. */
export async function readArtifacts(given: string): Promise<ArtifactFolder> {
  const folder = await artifactFolder(given);
  const artifacts: Artifacts = {};
  const warnings: string[] = [];
  for (const name of artifactNames) {
    const needed =
      name === 'manifest.json' ||
      (name === 'semantic_manifest.json' && artifacts['manifest.json'] === undefined);
    try {
      const artifact = await readJson(path.join(folder, name));
      if (artifact !== undefined) artifacts[name] = artifact;
    } catch (error) {
      // Without the manifest there is no catalog; without the others there is one that knows less.
      if (needed || !(error instanceof SourceError)) throw error;
      warnings.push(`${error.message} It is left out this time.`);
    }
  }
  return { folder, artifacts, warnings };
}

async function artifactFolder(given: string): Promise<string> {
  const found = await stat(given).catch(() => undefined);
  if (found === undefined) {
    throw new SourceError(
      `There is no file or folder ${given}. Give the folder that dbt writes its artifacts to (target/).`,
    );
  }
  const folder = found.isDirectory() ? given : path.dirname(given);
  for (const candidate of [folder, path.join(folder, 'target')]) {
    for (const name of ['manifest.json', 'semantic_manifest.json']) {
      if ((await stat(path.join(candidate, name)).catch(() => undefined)) !== undefined) return candidate;
    }
  }
  throw new SourceError(
    `${folder} holds no manifest.json and no semantic_manifest.json. Run \`dbt parse\` or \`dbt build\` there first.`,
  );
}

async function readJson(file: string): Promise<PlainObject | undefined> {
  let content: string;
  try {
    content = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new SourceError(
      `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
    );
  }
  return parseArtifact(content, file);
}

/** Parses one artifact's text. A cut-off file is named, with what to do about it. */
export function parseArtifact(content: string, file: string): PlainObject {
  let parsed: unknown;
  try {
    parsed = JSON.parse(content.replace(/^\uFEFF/, ''));
  } catch {
    const end = content.trimEnd().endsWith('}') ? 'is not valid JSON' : 'ends in the middle';
    throw new SourceError(
      `${file} ${end} (${content.length} characters). Write it again with \`dbt parse\` and sync once more.`,
    );
  }
  if (!isPlainObject(parsed))
    throw new SourceError(`${file} holds no JSON object, so it is no dbt artifact.`);
  return parsed;
}
