import type { NodeIdentity } from '../../dbt/node-schema.js';
import type { DbtNode } from '../../dbt/specs.js';
import type { YamlFile, YamlItem } from '../../dbt/yaml-file.js';
import { asText, isPlainObject, type PlainObject, unique } from '../../meta/values.js';
import type { FolderConfigs } from './folder-configs.js';

/** What turning YAML entries into nodes needs to know of the project. */
export interface NodeContext {
  project: string;
  describe: (description: string) => string;
  folderConfigs: FolderConfigs;
  warnings: string[];
}

/** An entry of a list in one of the project's files. */
export interface Entry extends YamlItem {
  file: string;
  name: string;
}

/** All entries under a top key of all files; those without a name are left out with a warning. */
export function entriesOf(files: readonly YamlFile[], key: string, warnings: string[]): Entry[] {
  return files.flatMap((file) =>
    file.items(key).flatMap(({ raw, line }) => {
      const name = asText(raw.name);
      if (name !== undefined) return isEnabled(raw) ? [{ raw, line, name, file: file.path }] : [];
      warnings.push(`${file.path}, line ${line}: an entry under ${key} has no name; it was left out.`);
      return [];
    }),
  );
}

/** `enabled: false`, on the entry or in its config: dbt does not know it then. */
function isEnabled(raw: PlainObject): boolean {
  const config = isPlainObject(raw.config) ? raw.config : {};
  return raw.enabled !== false && config.enabled !== false;
}

/** Gives an entry its id: dbt's `<kind>.<project>.<name>`. */
export function identityOf(kind: string, entry: Entry, context: NodeContext, suffix = ''): NodeIdentity {
  return {
    uniqueId: `${kind}.${context.project}.${entry.name}${suffix}`,
    packageName: context.project,
    file: entry.file,
    place: { file: entry.file, line: entry.line },
    describe: context.describe,
  };
}

/**
 * Keeps two things of one name apart. dbt refuses such a project, people have them all the same: the second one's id names its file, both are in
 * the catalog, and a warning says so.
 */
export function keptApart<Node extends DbtNode>(
  nodes: readonly Node[],
  kind: string,
  warnings: string[],
): Node[] {
  const firsts = new Map<string, Node>();
  const taken = new Set<string>();
  return nodes.map((node) => {
    const first = firsts.get(node.uniqueId);
    if (first === undefined) {
      firsts.set(node.uniqueId, node);
      taken.add(node.uniqueId);
      return node;
    }
    const place = (of: Node): string =>
      `${of.place.file ?? '?'}${of.place.line === undefined ? '' : `, line ${of.place.line}`}`;
    warnings.push(
      `Two ${kind} are called ${node.name}: ${place(first)} and ${place(node)}. Both are kept; give one of them another name.`,
    );
    let uniqueId = `${node.uniqueId}@${node.file ?? ''}`;
    while (taken.has(uniqueId)) uniqueId += '+';
    taken.add(uniqueId);
    return { ...node, uniqueId };
  });
}

/** Adds what `dbt_project.yml` says of the folder that a node lies in. */
export function withFolderConfig<Node extends DbtNode>(
  node: Node,
  kind: string,
  file: string | undefined,
  context: NodeContext,
): Node {
  const configs = context.folderConfigs(kind, file);
  if (configs.length === 0) return node;
  const groups = configs.flatMap((config) => asText(config.group) ?? []);
  const group = node.group ?? groups.at(-1);
  return {
    ...node,
    tags: unique([...node.tags, ...configs.flatMap((config) => tagsOf(config.tags))]),
    // The nearest folder comes first, and all of them after what the node says itself.
    metas: [...node.metas, ...configs.map((config) => config.meta).reverse()],
    ...(group === undefined ? {} : { group }),
  };
}

function tagsOf(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).flatMap((tag) => asText(tag) ?? []);
}
