import type { SourceContext } from './connector.js';
import { SourceError } from './connector.js';
import { type CatalogPart, makeCatalog } from './snapshot.js';
import { findConnector, sourceTypes } from './sources/registry.js';
import type { CatalogView } from './view.js';

/** A `--source` that cannot be understood: wrong use of the command line, exit 2. */
export class SourceArgumentError extends Error {
  readonly code = 'source_argument';
}

export interface SourceArgument {
  type: string;
  path: string;
}

/** Reads one `--source <type>:<path>`. */
export function parseSourceArgument(argument: string): SourceArgument {
  const colon = argument.indexOf(':');
  const type = colon < 0 ? argument : argument.slice(0, colon);
  const path = colon < 0 ? '' : argument.slice(colon + 1);
  if (findConnector(type) === undefined) {
    throw new SourceArgumentError(
      `--source ${argument}: there is no source type "${type}". Write <type>:<path> with one of ${sourceTypes.join(', ')}.`,
    );
  }
  if (path === '') {
    throw new SourceArgumentError(`--source ${argument}: the path is missing. Write ${type}:<path>.`);
  }
  return { type, path };
}

/**
 * The catalog of the files named on the command line, with no database. A source is named by its type; a second one of the same type
 * by type and number.
 *
 * @throws SourceArgumentError when an argument is wrong, SourceError when a source cannot be read.
 */
export async function catalogFromArguments(
  sources: readonly string[],
  context: SourceContext,
): Promise<CatalogView> {
  const parts: CatalogPart[] = [];
  const used = new Map<string, number>();
  for (const { type, path } of sources.map(parseSourceArgument)) {
    const connector = findConnector(type);
    if (connector === undefined) throw new SourceError(`There is no source type ${type}.`);
    const number = (used.get(type) ?? 0) + 1;
    used.set(type, number);
    const snapshot = await connector.read(connector.fromPath(path), context);
    parts.push({ source: number === 1 ? type : `${type}-${number}`, type, snapshot });
  }
  return makeCatalog(parts);
}
