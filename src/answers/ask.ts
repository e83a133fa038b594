import type { Asset, Signal } from '../catalog/asset.js';
import { signalHistory } from '../catalog/load-catalog.js';
import type { CatalogView } from '../catalog/view.js';
import type { Viewer } from '../catalog/visibility.js';
import type { Db } from '../db/database.js';
import type { Services } from '../services.js';
import { answerQuestion } from './answer.js';
import type { Answer } from './answer-types.js';
import type { AnswerInput } from './context.js';
import type { AssetVersion } from './history.js';
import type { Intent } from './intent.js';
import type { AssetNotice, NoticesOf } from './notices.js';
import { type PendingDefinition, pendingDefinition } from './pending-definition.js';
import { type MetricValue, readValue } from './values/read-value.js';

export interface Ask {
  question: string;
  /** Set by a subcommand: the words are then the subject alone. */
  intent?: Intent;
  viewer: Viewer;
  /** Teams of the audience that steward.yml gives the place of the question; each of them reads along. */
  audience?: readonly string[];
  now: Date;
}

/** How far back an answer looks, in milliseconds. */
const evidenceWindowMs = 120 * 86_400_000;
/** Lineage beyond this many assets is not read for an answer: nobody waits for it. */
const lineageLimit = 150;

export interface Asked {
  answer: Answer;
  /** Whether somebody in no team at all would be told the very same: only then may others read along. */
  openToAll: boolean;
  /** Whether everybody who reads along in the place may: all, or each team of its audience for itself. */
  openToPlace: boolean;
  /** An approved definition that the source does not have yet. */
  pending: PendingDefinition | null;
  /** Asked for a number: what the source's own query gave for this asker, where values are switched on. */
  value: MetricValue | null;
}

/**
 * Answers a question with what the database knows of the assets it is about: versions, notices, measurements. The first pass finds what is
 * meant, the second one answers with the evidence of exactly that; both are computed in memory. Reads only.
 */
export async function askQuestion(services: Services, ask: Ask): Promise<Asked> {
  const { view, index } = services.catalog.current();
  const rules = services.config.catalog.visibility;
  const tieOutMaxAgeMs = services.config.catalog.tieOutMaxAge;
  const base: AnswerInput = { view, index, now: ask.now, viewer: ask.viewer, rules, tieOutMaxAgeMs };
  const asked = { question: ask.question, ...(ask.intent === undefined ? {} : { intent: ask.intent }) };
  const first = answerQuestion({ ...base, ...asked });
  const about = first.subject ? [first.subject] : first.assets.slice(0, 5).map(({ asset }) => asset);
  const evidence =
    about.length === 0
      ? {}
      : await readEvidence(services.db, view, about, ask.now, first.subject !== undefined);
  const answer = about.length === 0 ? first : answerQuestion({ ...base, ...evidence, ...asked });
  const said = contentOf(answer);
  const toldTo = (teams: readonly string[]): boolean =>
    contentOf(answerQuestion({ ...base, ...evidence, ...asked, viewer: { teams } })) === said;
  const openToAll = rules.length === 0 || toldTo([]);
  const audience = ask.audience ?? [];
  const openToPlace = openToAll || (audience.length > 0 && audience.every((team) => toldTo([team])));
  const told = answer.outcome === 'answered' && answer.level === 'open' ? answer.subject : undefined;
  const pending = told ? await pendingDefinition(services.db, told.id) : null;
  const value =
    told !== undefined && answer.intent === 'value' && told.kind === 'metric'
      ? await readValue(services, told, ask.viewer, ask.now)
      : null;
  return { answer, openToAll, openToPlace, pending, value };
}

/** Everything that a card may show of an answer: two people whose answers differ in any of it are not told the same. */
function contentOf({ text, facts, items, events, offers, verdict, assets, level }: Answer): string {
  return JSON.stringify([
    text,
    level,
    facts,
    items?.map(({ asset, note }) => [asset.id, note]),
    events,
    offers.map(({ asset, tellsApart }) => [asset.id, tellsApart]),
    verdict,
    assets.map(({ asset }) => asset.id),
  ]);
}

async function readEvidence(
  db: Db,
  view: CatalogView,
  about: readonly Asset[],
  now: Date,
  deep: boolean,
): Promise<Pick<AnswerInput, 'view' | 'noticesOf' | 'versionsOf'>> {
  const ids = new Set(about.map((asset) => asset.id));
  if (deep)
    for (const asset of about)
      for (const reached of view.upstream(asset.id).slice(0, lineageLimit)) ids.add(reached.asset.id);
  const wanted = [...ids];
  const since = new Date(now.getTime() - evidenceWindowMs);
  const [notices, versions, signals] = await Promise.all([
    readNotices(db, wanted, since),
    readVersions(db, wanted),
    deep ? readSignals(db, wanted, since, now) : new Map<string, Signal[]>(),
  ]);
  return {
    view: withHistory(view, signals),
    noticesOf: (id) => notices.get(id) ?? [],
    versionsOf: (id) => versions.get(id) ?? [],
  };
}

/** The same catalog, whose `signals` go back in time for the assets in question. */
function withHistory(view: CatalogView, history: ReadonlyMap<string, Signal[]>): CatalogView {
  if (history.size === 0) return view;
  return { ...view, signals: (id) => history.get(id) ?? view.signals(id) };
}

async function readNotices(db: Db, ids: string[], since: Date): Promise<Map<string, AssetNotice[]>> {
  const rows = await db
    .selectFrom('asset_notice')
    .selectAll()
    .where('asset_id', 'in', ids)
    .where((where) => where.or([where('ends_at', 'is', null), where('ends_at', '>', since)]))
    .orderBy('starts_at', 'desc')
    .execute();
  return grouped(
    rows,
    (row) => row.asset_id,
    (row) => ({
      assetId: row.asset_id,
      kind: row.kind,
      reference: row.reference,
      relation: row.relation,
      level: row.level,
      private: row.private,
      summary: row.summary,
      useInstead: row.use_instead,
      eta: row.eta,
      startsAt: row.starts_at,
      endsAt: row.ends_at,
    }),
  );
}

/** Every notice in force, for many questions at once. */
export async function loadLiveNotices(db: Db, now: Date): Promise<NoticesOf> {
  const live = await db
    .selectFrom('asset_notice')
    .select('asset_id')
    .where((where) => where.or([where('ends_at', 'is', null), where('ends_at', '>', now)]))
    .execute();
  const ids = [...new Set(live.map((row) => row.asset_id))];
  const notices = ids.length > 0 ? await readNotices(db, ids, now) : new Map<string, AssetNotice[]>();
  return (id) => notices.get(id) ?? [];
}

async function readVersions(db: Db, ids: string[]): Promise<Map<string, AssetVersion[]>> {
  const rows = await db
    .selectFrom('asset_version')
    .innerJoin('asset', 'asset.id', 'asset_version.asset_id')
    .select([
      'asset_version.asset_id',
      'asset_version.at',
      'asset_version.change',
      'asset_version.breaking',
      'asset_version.schema_changes',
      'asset_version.draft',
      'asset_version.revision',
      'asset.source',
    ])
    .where('asset_version.asset_id', 'in', ids)
    .orderBy('asset_version.number', 'desc')
    .limit(2_000)
    .execute();
  return grouped(
    rows,
    (row) => row.asset_id,
    (row) => ({
      assetId: row.asset_id,
      validFrom: row.at,
      change: changeOf(row),
      asset: { ...row.draft, id: row.asset_id, source: row.source },
      ...(row.revision === null ? {} : { revision: row.revision }),
    }),
  );
}

function changeOf(row: {
  change: string;
  breaking: boolean;
  schema_changes: readonly unknown[];
}): AssetVersion['change'] {
  if (
    row.change === 'created' ||
    row.change === 'meaning' ||
    row.change === 'wording' ||
    row.change === 'removed'
  )
    return row.change;
  if (row.schema_changes.length > 0) return row.breaking ? 'schema-breaking' : 'schema-compatible';
  return 'other';
}

async function readSignals(db: Db, ids: string[], from: Date, to: Date): Promise<Map<string, Signal[]>> {
  const lists = await Promise.all(
    ids.slice(0, 40).map(async (id) => [id, await signalHistory(db, id, { from, to, limit: 200 })] as const),
  );
  return new Map(lists.filter(([, list]) => list.length > 0));
}

function grouped<Row, Value>(
  rows: readonly Row[],
  key: (row: Row) => string,
  value: (row: Row) => Value,
): Map<string, Value[]> {
  const map = new Map<string, Value[]>();
  for (const row of rows) {
    const list = map.get(key(row)) ?? [];
    list.push(value(row));
    map.set(key(row), list);
  }
  return map;
}
