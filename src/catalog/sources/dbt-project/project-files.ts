import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { SourceError } from '../../connector.js';
import { readYaml, type YamlFile } from '../../dbt/yaml-file.js';
import { asText, asTexts, type PlainObject } from '../../meta/values.js';

/** A text file of the project, by its path inside it with forward slashes. */
export interface ProjectFile {
  path: string;
  text: string;
}

export interface ProjectFiles {
  /** Name of the dbt project: the second part of every id. */
  name: string;
  /** `dbt_project.yml` itself. */
  settings: PlainObject;
  yaml: YamlFile[];
  /** Models, snapshots and analyses, in SQL or Python. */
  code: ProjectFile[];
  /** Paths of seeds. */
  seeds: string[];
  /** Markdown files, which may hold doc blocks. */
  docs: ProjectFile[];
  warnings: string[];
}

/** Folders that hold what tools made or installed, and never the project's own definitions. */
const alwaysSkipped = new Set([
  'node_modules',
  'dbt_packages',
  'dbt_modules',
  'target',
  'logs',
  'venv',
  '__pycache__',
]);
const largestFileBytes = 20_000_000;

/** Reads a dbt project's files, or a single YAML file. Every YAML file counts, wherever it lies; a broken one is left out with a warning. */
export async function readProject(given: string, signal: AbortSignal): Promise<ProjectFiles> {
  const found = await stat(given).catch(() => undefined);
  if (found === undefined) {
    throw new SourceError(
      `There is no file or folder ${given}. Give the folder of a dbt project, the one with dbt_project.yml.`,
    );
  }
  const root = found.isDirectory() ? given : path.dirname(given);
  const warnings: string[] = [];
  const settings = await readSettings(root, warnings);
  const skipped = new Set([
    ...alwaysSkipped,
    ...asTexts(settings['target-path']),
    ...asTexts(settings['packages-install-path']),
  ]);
  const paths = found.isDirectory() ? await listFiles(root, skipped, signal) : [path.basename(given)];
  const texts = async (wanted: RegExp): Promise<ProjectFile[]> => {
    const files: ProjectFile[] = [];
    for (const file of paths.filter((candidate) => wanted.test(candidate))) {
      const text = await readText(path.join(root, file), file, warnings);
      if (text !== undefined) files.push({ path: file, text });
    }
    return files;
  };

  const yaml: YamlFile[] = [];
  for (const { path: file, text } of await texts(/\.ya?ml$/i)) {
    if (file === 'dbt_project.yml') continue;
    const outcome = readYaml(file, text);
    if ('problem' in outcome) warnings.push(outcome.problem);
    else yaml.push(outcome.file);
  }
  if (yaml.length === 0) {
    throw new SourceError(
      `${given} holds no YAML file that can be read${warnings.length > 0 ? `: ${warnings.join(' ')}` : '.'}`,
    );
  }
  const seedFolders = folders(settings, ['seed-paths', 'data-paths'], ['seeds', 'data']);
  const codeFolders = [
    ...folders(settings, ['model-paths', 'source-paths'], ['models']),
    ...folders(settings, ['snapshot-paths'], ['snapshots']),
  ];
  const code = await texts(/\.(?:sql|py)$/i);
  return {
    name: asText(settings.name) ?? path.basename(path.resolve(root)),
    settings,
    yaml,
    code: code.filter((file) => isUnder(file.path, codeFolders)),
    seeds: paths.filter((file) => file.endsWith('.csv') && isUnder(file, seedFolders)),
    docs: await texts(/\.md$/i),
    warnings,
  };
}

async function readSettings(root: string, warnings: string[]): Promise<PlainObject> {
  const text = await readFile(path.join(root, 'dbt_project.yml'), 'utf8').catch(() => undefined);
  if (text === undefined) {
    warnings.push(`${root} has no dbt_project.yml: the folder's name stands for the project's in every id.`);
    return {};
  }
  const outcome = readYaml('dbt_project.yml', text);
  if ('problem' in outcome)
    throw new SourceError(
      `${outcome.problem} Without it the project has no name; correct it and sync again.`,
    );
  return outcome.file.content;
}

async function listFiles(root: string, skipped: ReadonlySet<string>, signal: AbortSignal): Promise<string[]> {
  const files: string[] = [];
  const open = [''];
  for (const folder of open) {
    signal.throwIfAborted();
    const entries = await readdir(path.join(root, folder), { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const relative = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.name.startsWith('.') || skipped.has(entry.name) || skipped.has(relative)) continue;
      if (entry.isDirectory()) open.push(relative);
      else if (entry.isFile()) files.push(relative);
    }
  }
  return files;
}

async function readText(file: string, shown: string, warnings: string[]): Promise<string | undefined> {
  const { size } = await stat(file);
  if (size <= largestFileBytes) return await readFile(file, 'utf8');
  warnings.push(`${shown} has ${size} bytes, more than a definition can have; the file was left out.`);
  return undefined;
}

function folders(settings: PlainObject, keys: readonly string[], otherwise: readonly string[]): string[] {
  const configured = keys.flatMap((key) => asTexts(settings[key]));
  return (configured.length > 0 ? configured : [...otherwise]).map((folder) =>
    folder.replace(/^\.\/|\/$/g, ''),
  );
}

function isUnder(file: string, parents: readonly string[]): boolean {
  return parents.some((parent) => file.startsWith(`${parent}/`));
}
