import { readYaml } from '../../dbt/yaml-file.js';
import type { SourceFile } from '../source-files.js';
import { extended, withShown } from './extended.js';
import { type Cube, CubeFile } from './schema.js';
import { scriptModel } from './script-model.js';

export interface CubeModel {
  cubes: Cube[];
  /** Where a cube or view was read. */
  fileOf: (name: string) => string;
}

/** The files of a model together: a cube may extend one of another file, and a view shows cubes of others. */
export function modelOf(files: readonly SourceFile[], warnings: string[]): CubeModel {
  const found = new Map<string, { cube: Cube; file: string }>();
  for (const file of files) {
    const { cubes, views } = CubeFile.parse(contentOf(file, warnings));
    for (const cube of [...cubes, ...views.map((view): Cube => ({ ...view, type: 'view' }))]) {
      const first = found.get(cube.name);
      if (first === undefined) found.set(cube.name, { cube, file: file.path });
      else warnings.push(`${cube.name} is in ${first.file} and in ${file.path}; the first was taken.`);
    }
  }
  const cubes = extended([...found.values()].map(({ cube }) => cube));
  const byName = new Map(cubes.map((cube) => [cube.name, cube]));
  return {
    cubes: cubes.map((cube) => (cube.type === 'view' ? withShown(cube, byName) : cube)),
    fileOf: (name) => found.get(name)?.file ?? '?',
  };
}

/** What a file holds; one that cannot be read is left out with a sentence. */
function contentOf(file: SourceFile, warnings: string[]): unknown {
  if (/\.js$/i.test(file.path)) {
    try {
      return scriptModel(file.text);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      warnings.push(`${file.path}: ${error.message}; the file was left out.`);
      return {};
    }
  }
  const outcome = readYaml(file.path, file.text);
  if ('file' in outcome) return outcome.file.content;
  const isTemplate = /^\s*\{%/m.test(file.text);
  warnings.push(
    isTemplate
      ? `${file.path} is a template that only Cube can fill in; it was left out. Set \`url\` to read what it comes to.`
      : outcome.problem,
  );
  return {};
}
