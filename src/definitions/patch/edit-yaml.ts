import {
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseAllDocuments,
  stringify,
  visit,
  type YAMLMap,
} from 'yaml';

/** Where in a source file the words of an asset stand: the entry of this name. */
export interface EntryRef {
  name: string;
  /** A top-level list the entry is in, or one inside another: `metrics`, `models`, `tables` … Several are tried. */
  lists: readonly string[];
}

export type YamlEdits = Readonly<{
  /** Keys of the entry itself. */
  own: Readonly<Record<string, string>>;
  /** Keys of its `meta` (or `config.meta`). */
  meta: Readonly<Record<string, string | readonly string[]>>;
}>;

interface Splice {
  from: number;
  to: number;
  text: string;
}

/**
 * Changes some values of one entry of a YAML file and nothing else: comments, order and layout of all other lines stay as they are. Null
 * when the entry is not there exactly once, or when what came out does not read back as wanted.
 */
export function editYaml(text: string, entry: EntryRef, edits: YamlEdits): string | null {
  const map = findEntry(text, entry);
  if (map === null) return null;
  const splices: Splice[] = [];
  for (const [key, value] of Object.entries(edits.own)) splices.push(set(text, map, key, value, 'name'));
  if (Object.keys(edits.meta).length > 0) {
    const meta = metaOf(map);
    if (meta === null) splices.push(insert(text, map, 'config', { meta: edits.meta }, 'name'));
    else
      for (const [key, value] of Object.entries(edits.meta)) splices.push(set(text, meta, key, value, null));
  }
  let edited = text;
  // From the end, so that earlier offsets stay true; of two insertions at one place the later one goes first.
  for (const { from, to, text: put } of [...splices].sort((one, other) => other.from - one.from))
    edited = edited.slice(0, from) + put + edited.slice(to);
  return readsBack(edited, entry, edits) ? edited : null;
}

function findEntry(text: string, entry: EntryRef): YAMLMap | null {
  const found: YAMLMap[] = [];
  for (const document of parseAllDocuments(text, { keepSourceTokens: false })) {
    if (document.errors.length > 0) return null;
    visit(document, {
      Pair(_, pair) {
        // What a derived metric is made of is a list of the same name: those are mentions, not definitions.
        if (isScalar(pair.key) && pair.key.value === 'type_params') return visit.SKIP;
        if (!isScalar(pair.key) || !entry.lists.includes(String(pair.key.value)) || !isSeq(pair.value))
          return undefined;
        for (const item of pair.value.items)
          if (isMap(item) && item.get('name') === entry.name) found.push(item as YAMLMap);
        return undefined;
      },
    });
  }
  const [only] = found;
  return found.length === 1 && only !== undefined ? only : null;
}

function metaOf(map: YAMLMap): YAMLMap | null {
  const own = map.get('meta', true);
  if (isMap(own) && own.items.length > 0) return own as YAMLMap;
  const config = map.get('config', true);
  const inner = isMap(config) ? config.get('meta', true) : undefined;
  return isMap(inner) && inner.items.length > 0 ? (inner as YAMLMap) : null;
}

function set(
  text: string,
  map: YAMLMap,
  key: string,
  value: string | readonly string[],
  after: string | null,
): Splice {
  const pair = map.items.find((item) => isScalar(item.key) && item.key.value === key);
  const node = pair?.value as Node | null | undefined;
  const range = node?.range;
  if (!node || !range || range[0] === range[1]) {
    if (pair !== undefined && isScalar(pair.key) && pair.key.range) {
      // A key without a value: what stands from its colon on is replaced.
      const colon = text.indexOf(':', pair.key.range[1]);
      return { from: colon + 1, to: colon + 1, text: ` ${flow(value)}` };
    }
    return insert(text, map, key, value, after);
  }
  const slice = text.slice(range[0], range[1]);
  const to = range[0] + slice.trimEnd().length;
  const inBlock = map.flow !== true;
  if (typeof value !== 'string') {
    const blockList = isSeq(node) && node.flow !== true && value.length > 0;
    const indent = ' '.repeat(columnOf(text, range[0]));
    return {
      from: range[0],
      to,
      text: blockList ? value.map((item) => `- ${scalar(item, true)}`).join(`\n${indent}`) : flow(value),
    };
  }
  return { from: range[0], to, text: scalar(value, inBlock, indentOf(text, range[0])) };
}

/** A new key, on a line of its own where the map is written in block style. */
function insert(text: string, map: YAMLMap, key: string, value: unknown, after: string | null): Splice {
  const at = map.items.findIndex((item) => isScalar(item.key) && item.key.value === after);
  const next = (after === null ? map.items[0] : map.items[at + 1]) as Pair<Node> | undefined;
  const written = `${key}: ${typeof value === 'string' ? scalar(value, map.flow !== true) : flow(value)}`;
  const start = next?.key.range?.[0];
  if (start === undefined) {
    const first = (map.items[0] as Pair<Node> | undefined)?.key.range?.[0] ?? 0;
    return spliceBefore(text, map, first, written);
  }
  return spliceBefore(text, map, start, written);
}

function spliceBefore(text: string, map: YAMLMap, start: number, written: string): Splice {
  const gap = map.flow === true ? ', ' : `\n${' '.repeat(columnOf(text, start))}`;
  return { from: start, to: start, text: `${written}${gap}` };
}

const foldedFrom = 90;

/** One value as YAML. Long text in block style is folded below its key, as people write it. */
function scalar(value: string, inBlock: boolean, keyIndent?: number): string {
  if (!inBlock) return JSON.stringify(value);
  if (value.includes('\n')) return JSON.stringify(value);
  if (keyIndent === undefined || value.length <= foldedFrom)
    return stringify(value, { lineWidth: 0 }).trimEnd();
  const pad = ' '.repeat(keyIndent + 2);
  const lines: string[] = [];
  let line = '';
  for (const word of value.split(' ')) {
    if (line !== '' && line.length + word.length + 1 > foldedFrom) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  lines.push(line);
  return `>-\n${lines.map((one) => pad + one).join('\n')}`;
}

function flow(value: unknown): string {
  // JSON is YAML: quotes are right in every context.
  return JSON.stringify(value).replaceAll('","', '", "').replaceAll('":', '": ');
}

function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf('\n', offset - 1) + 1);
}

/** Column of the key whose value starts at this offset: dashes of a list item count as blanks. */
function indentOf(text: string, offset: number): number {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  return /^[\s-]*/.exec(line)?.[0].length ?? 0;
}

function readsBack(text: string, entry: EntryRef, edits: YamlEdits): boolean {
  const map = findEntry(text, entry);
  if (map === null) return false;
  const words = (value: unknown): string =>
    JSON.stringify(value, (_, inner: unknown) =>
      typeof inner === 'string' ? inner.trim().replace(/\s+/g, ' ') : inner,
    );
  const own: Record<string, unknown> = map.toJSON();
  const config = own.config as { meta?: unknown } | undefined;
  const meta = (metaOf(map)?.toJSON() ?? config?.meta ?? {}) as Record<string, unknown>;
  return (
    Object.entries(edits.own).every(([key, value]) => words(own[key]) === words(value)) &&
    Object.entries(edits.meta).every(([key, value]) => words(meta[key]) === words(value))
  );
}
