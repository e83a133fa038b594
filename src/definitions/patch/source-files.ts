import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Asset } from '../../catalog/asset.js';
import { unique } from '../../catalog/meta/values.js';
import type { DefinitionRow } from '../record.js';
import { type EditedFile, editFile } from './make-patch.js';

/** Where the files of a source lie: a folder of this machine, or a repository. Paths are relative, with `/`. */
export interface SourceFiles {
  /** Names in a folder; empty when it is not there. */
  list: (folder: string) => Promise<string[]>;
  /** Null when it is not there. */
  read: (file: string) => Promise<string | null>;
}

const largestFile = 4_000_000;
const filesAtMost = 50;

/** A folder. A path that leads out of it is not followed. */
export function folderFiles(root: string): SourceFiles {
  return {
    list: (folder) => readdir(path.join(root, folder)).catch(() => []),
    async read(file) {
      try {
        const top = await realpath(root);
        const full = await realpath(path.resolve(top, file));
        if (!full.startsWith(`${top}${path.sep}`) || (await stat(full)).size > largestFile) return null;
        return await readFile(full, 'utf8');
      } catch {
        // Not there: the next one, or plain instructions.
        return null;
      }
    },
  };
}

/** Why nothing can be changed: no file is where the source had it, each says it already, or none can be edited without harm. */
export type NoEdit = 'no-file' | 'says-it' | 'no-place';

/** The first file of a source that holds the definition once, changed; else why there is none. */
export async function findAndEdit(
  files: SourceFiles,
  asset: Asset,
  change: DefinitionRow,
): Promise<EditedFile | NoEdit> {
  const { description, '*': whole } = asset.provenance;
  let why: NoEdit = 'no-file';
  for (const name of unique([description?.file, whole?.file].filter((file) => file !== undefined))) {
    for (const file of await yamlFilesFor(files, name)) {
      const text = await files.read(file);
      if (text === null) continue;
      const edited = editFile({ path: file, text }, asset, change);
      if (edited !== null && edited.text !== text) return edited;
      if (edited !== null) why = 'says-it';
      else if (why === 'no-file') why = 'no-place';
    }
  }
  return why;
}

/** The YAML file itself; for a query the YAML files beside it and above it, nearest first: that is where its words stand. */
async function yamlFilesFor(files: SourceFiles, name: string): Promise<string[]> {
  if (isYaml(name)) return [name];
  const found: string[] = [];
  for (let folder = path.posix.dirname(name); folder !== '.' && folder !== '/'; ) {
    const names = await files.list(folder);
    found.push(
      ...names
        .filter(isYaml)
        .sort()
        .map((one) => path.posix.join(folder, one)),
    );
    folder = path.posix.dirname(folder);
  }
  return found.slice(0, filesAtMost);
}

function isYaml(name: string): boolean {
  return /\.ya?ml$/i.test(name);
}
