import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Folder of the project, found from this file upwards: the same whether the TypeScript or the compiled code in `dist/`
 * runs, because the demo's YAML and SQL are not copied there.
 */
export function projectRoot(): string {
  let folder = path.dirname(fileURLToPath(import.meta.url));
  while (!existsSync(path.join(folder, 'package.json'))) {
    const parent = path.dirname(folder);
    if (parent === folder) throw new Error('The demo needs its project folder: run it from a checkout.');
    folder = parent;
  }
  return folder;
}

/** Path inside `demo/`. */
export function demoPath(...parts: string[]): string {
  return path.join(projectRoot(), 'demo', ...parts);
}
