import { isPlainObject, type PlainObject } from '../../meta/values.js';

/** What `dbt_project.yml` sets for a kind of node by folder, the outermost folder first. */
export type FolderConfigs = (kind: string, file: string | undefined) => PlainObject[];

/** Reads the blocks `models: <project>: <folder>: +group: …` of `dbt_project.yml`. */
export function makeFolderConfigs(settings: PlainObject, project: string): FolderConfigs {
  return (kind, file) => {
    const block = settings[kind];
    if (!isPlainObject(block)) return [];
    const configs = [plusKeys(block)];
    let level: unknown = block[project];
    if (isPlainObject(level)) {
      configs.push(plusKeys(level));
      // The first part of the path is the resource folder itself (`models/`), which the block does not repeat.
      for (const part of (file ?? '').split('/').slice(1)) {
        const next: unknown = isPlainObject(level)
          ? (level[part] ?? level[part.replace(/\.\w+$/, '')])
          : undefined;
        if (!isPlainObject(next)) break;
        configs.push(plusKeys(next));
        level = next;
      }
    }
    return configs.filter((config) => Object.keys(config).length > 0);
  };
}

/** Configurations carry a plus; `tags`, `meta` and `group` may stand without it. */
function plusKeys(level: PlainObject): PlainObject {
  const config: PlainObject = {};
  for (const [key, value] of Object.entries(level)) {
    if (key.startsWith('+')) config[key.slice(1)] = value;
    else if (key === 'tags' || key === 'meta' || key === 'group') config[key] = value;
  }
  return config;
}
