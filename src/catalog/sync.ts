import path from 'node:path';
import { issueInWords } from '../config/issue-words.js';
import type { Db } from '../db/database.js';
import { type SourceConnector, type SourceContext, SourceError } from './connector.js';
import { type CommitLinks, withFileLinks } from './file-links.js';
import { gitRevision } from './git-revision.js';
import { findConnector, sourceTypes } from './sources/registry.js';
import {
  type SourceIdentity,
  type SyncOptions,
  type SyncResult,
  storeBroken,
  storeConfigured,
  storeSnapshot,
} from './store-snapshot.js';

/** An entry under `catalog.sources` of steward.yml: what it is, and its connector's own settings beside it. */
export interface SourceEntry {
  type: string;
  name?: string | undefined;
  every?: number | undefined;
  /** Where a file can be seen: `https://github.com/acme/dbt/blob/main/{path}#L{line}`. No setting of its connector. */
  fileUrl?: string | undefined;
  /** Where a commit can be seen: `https://github.com/acme/dbt/commit/{revision}`. No setting of its connector. */
  commitUrl?: string | undefined;
  /** Where definitions are proposed to it; no setting of its connector. */
  repository?: unknown;
  [setting: string]: unknown;
}

export interface SyncReport {
  /** One per configured source, in their order. */
  sources: SyncResult[];
  /** Sources that are configured no longer. */
  removed: string[];
}

/** Names of the configured sources: their own, or their type; a second one of a type gets a number. */
export function sourceIdentities(entries: readonly SourceEntry[]): SourceIdentity[] {
  const used = new Map<string, number>();
  return entries.map((entry, position) => {
    const wanted = entry.name ?? entry.type;
    const number = (used.get(wanted) ?? 0) + 1;
    used.set(wanted, number);
    return { name: number === 1 ? wanted : `${wanted}-${number}`, type: entry.type, position };
  });
}

/**
 * Reads every configured source and takes over what it says, each in a transaction of its own: one broken source leaves the others and its own
 * last good content alone, and is named in the report. `only` limits it to some sources by name.
 */
export async function syncCatalog(
  db: Db,
  entries: readonly SourceEntry[],
  context: SourceContext,
  options: SyncOptions & { only?: readonly string[] },
): Promise<SyncReport> {
  const identities = sourceIdentities(entries);
  const removed = await storeConfigured(
    db,
    identities.map((identity) => identity.name),
    options,
  );
  const sources: SyncResult[] = [];
  for (const [index, identity] of identities.entries()) {
    const entry = entries[index];
    if (entry === undefined || (options.only !== undefined && !options.only.includes(identity.name)))
      continue;
    sources.push(await syncSource(db, identity, entry, context, options));
  }
  return { sources, removed };
}

async function syncSource(
  db: Db,
  identity: SourceIdentity,
  entry: SourceEntry,
  context: SourceContext,
  options: SyncOptions,
): Promise<SyncResult> {
  let snapshot: Awaited<ReturnType<typeof readSource>>;
  try {
    snapshot = await readSource(entry, context);
  } catch (error) {
    if (context.signal.aborted) throw error;
    return storeBroken(db, identity, reasonOf(error), options);
  }
  return storeSnapshot(db, identity, snapshot, options);
}

/** What an entry says to its connector alone: what every source may have is not of these. */
export function connectorSettings(entry: SourceEntry): Record<string, unknown> {
  const {
    type: _,
    name: __,
    every: ___,
    repository: ____,
    fileUrl: _____,
    commitUrl: ______,
    ...settings
  } = entry;
  return settings;
}

/** The connector of an entry and its settings. Those that it does not know are refused, because a typed-wrong one would be ignored. */
export function connectorOf(entry: SourceEntry): {
  connector: SourceConnector;
  settings: Record<string, unknown>;
  config: unknown;
} {
  const connector = findConnector(entry.type);
  if (connector === undefined) {
    throw new SourceError(
      `catalog.sources: there is no source type "${entry.type}". Use one of ${sourceTypes.join(', ')}.`,
    );
  }
  const settings = connectorSettings(entry);
  const config = connector.config.safeParse(settings);
  if (config.success) return { connector, settings, config: config.data };
  const [issue] = config.error.issues;
  const key = issue?.path.map((part) => `${String(part)}: `).join('') ?? '';
  throw new SourceError(`catalog.sources, ${entry.name ?? entry.type}: ${key}${issueInWords(issue)}.`);
}

/** Reads one configured source. */
export async function readSource(entry: SourceEntry, context: SourceContext) {
  const { connector, settings, config } = connectorOf(entry);
  const snapshot = withFileLinks(await connector.read(config, context), entry.fileUrl);
  if (connector.isWritten !== true || snapshot.info.revision !== undefined) return snapshot;
  const revision =
    typeof settings.path === 'string'
      ? await gitRevision(path.resolve(context.baseDir, settings.path))
      : undefined;
  return revision === undefined ? snapshot : { ...snapshot, info: { ...snapshot.info, revision } };
}

/** Addresses at which the commits of the configured sources can be looked at. */
export function commitLinksOf(entries: readonly SourceEntry[]): CommitLinks {
  const names = sourceIdentities(entries).map(({ name }) => name);
  return new Map(
    entries.flatMap(({ commitUrl }, position) => {
      const name = names[position];
      return commitUrl === undefined || name === undefined ? [] : [[name, commitUrl]];
    }),
  );
}

/** The sentence for the operator. An unforeseen fault has none of its own, so it says what it was. */
function reasonOf(error: unknown): string {
  if (error instanceof SourceError) return error.message;
  return `The source could not be read: ${error instanceof Error ? error.message : String(error)}`;
}
