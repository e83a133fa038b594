import { sql } from 'kysely';
import { changesOf } from '../catalog/history.js';
import type { Trx } from '../db/database.js';
import { refreshCards } from '../jobs/outgoing.js';
import type { Services } from '../services.js';
import { incidentCard } from './change.js';
import type { Incident } from './incident.js';
import { addEntry, type TimelineEntry } from './timeline.js';
import { liveStates } from './transitions.js';

/** Causes lie before the data went bad: a change this long before may be why. */
const lookBackMs = 24 * 3_600_000;
/** Upstream and downstream of one incident at most this many assets are looked at. */
const mostAssets = 1_000;
/** A timeline is read by people: one look adds at most this many lines of a kind. */
const mostLines = 40;

type Line = Pick<TimelineEntry, 'at' | 'kind' | 'text' | 'sourceKey' | 'data'> & { sourceKey: string };

/**
 * Writes into the timeline of every incident that is worked on what happened to its data meanwhile: backfills, changes of definitions
 * and schemas upstream, tests that turned red or green. Each stands there once, at its own time, however often this runs.
 */
export async function noteEvidence(services: Services, now: Date): Promise<void> {
  const live = await services.db
    .selectFrom('incident')
    .selectAll()
    .where('state', 'in', [...liveStates])
    .execute();
  for (const incident of live) await noteEvidenceOf(services, incident, now);
}

/** The same for one incident. Returns how many lines were new. */
export async function noteEvidenceOf(services: Services, incident: Incident, now: Date): Promise<number> {
  return services.db.transaction().execute(async (trx) => {
    const begun = incident.started_at ?? incident.detected_at ?? incident.created_at;
    const from = new Date(begun.getTime() - lookBackMs);
    const reach = await reachOf(services, trx, incident.id);
    if (reach.affected.length === 0) return 0;
    const lines = [
      ...(await backfillLines(trx, reach.affected, from)),
      ...(await definitionLines(services, trx, reach.upstream, { from, to: now })),
      ...(await testLines(services, trx, reach.affected, { from: begun, to: now })),
    ];
    const known = await trx
      .selectFrom('incident_event')
      .select('source_key')
      .where('incident_id', '=', incident.id)
      .where('source_key', 'is not', null)
      .execute();
    // What somebody took out of sight stays out of sight.
    const there = new Set(known.map(({ source_key }) => source_key));
    const fresh = lines.filter(({ sourceKey }) => !there.has(sourceKey));
    for (const line of fresh) await addEntry(trx, { ...line, incidentId: incident.id, now });
    if (fresh.length > 0) await refreshCards(trx, { kind: incidentCard, id: incident.id }, now);
    return fresh.length;
  });
}

/** What is affected, and what it is made from: causes are upstream, consequences are in the radius. */
async function reachOf(services: Services, trx: Trx, incidentId: string) {
  const { view } = services.catalog.current();
  const rows = await trx
    .selectFrom('incident_asset')
    .select(['asset_id', 'relation'])
    .where('incident_id', '=', incidentId)
    .orderBy('distance')
    .limit(mostAssets)
    .execute();
  const broken = rows.filter(({ relation }) => relation === 'direct').map(({ asset_id }) => asset_id);
  const upstream = new Set(broken);
  for (const id of broken) for (const { asset } of view.upstream(id)) upstream.add(asset.id);
  return {
    affected: rows.map(({ asset_id }) => asset_id),
    upstream: [...upstream].slice(0, mostAssets),
  };
}

/** A backfill says what it does on its own asset; from there it concerns whoever is affected. */
async function backfillLines(trx: Trx, assetIds: readonly string[], from: Date): Promise<Line[]> {
  const notices = await trx
    .selectFrom('asset_notice')
    .select(['subject_id', 'reference', 'summary', 'starts_at', 'ends_at'])
    .where('kind', '=', 'backfill')
    .where('relation', '=', 'direct')
    .where('asset_id', 'in', [...assetIds])
    .where('starts_at', '>=', from)
    .orderBy('starts_at')
    .limit(mostLines)
    .execute();
  return notices.flatMap((notice) => [
    {
      at: notice.starts_at,
      kind: 'backfill',
      text: notice.ends_at === null ? notice.summary : `${notice.reference} started`,
      sourceKey: `backfill:${notice.subject_id}:start:${notice.starts_at.getTime()}`,
    },
    ...(notice.ends_at === null
      ? []
      : [
          {
            at: notice.ends_at,
            kind: 'backfill',
            text: notice.summary,
            sourceKey: `backfill:${notice.subject_id}:end:${notice.ends_at.getTime()}`,
          },
        ]),
  ]);
}

async function definitionLines(
  services: Services,
  trx: Trx,
  assetIds: readonly string[],
  window: { from: Date; to: Date },
): Promise<Line[]> {
  const { view } = services.catalog.current();
  const versions = await changesOf(trx, assetIds, window);
  return versions.slice(0, mostLines).map((version) => {
    const name = view.get(version.assetId)?.name ?? version.draft.name;
    const fields = [...new Set(version.changes.map(({ field, kind }) => (kind === 'code' ? 'code' : field)))]
      .slice(0, 6)
      .join(', ');
    const what = {
      meaning: 'means something else now',
      governance: 'is governed otherwise now',
      schema: version.breaking ? 'changed its columns in a way that breaks readers' : 'changed its columns',
      code: 'is built by other code now',
      removed: 'was removed',
      restored: 'came back',
      created: 'is new',
      wording: 'is described in other words',
    }[version.change];
    return {
      at: version.at,
      kind: 'definition',
      text: `${name} ${what}${fields === '' ? '' : ` (${fields})`}`,
      sourceKey: `version:${version.assetId}:${version.number}`,
      data: { revision: version.revision },
    };
  });
}

/** Only what turned: the tenth failure of a test says nothing that the first did not. */
async function testLines(
  services: Services,
  trx: Trx,
  assetIds: readonly string[],
  window: { from: Date; to: Date },
): Promise<Line[]> {
  const { view } = services.catalog.current();
  const { rows } = await sql<{
    id: string;
    asset_id: string;
    name: string;
    type: string;
    status: string;
    observed_at: Date;
    message: string | null;
    good: boolean;
  }>`
    select id, asset_id, name, type, status, observed_at, message, good from (
      select *, lag(good) over (partition by asset_id, type, name, column_name order by observed_at, id) as before
      from (
        select *, status in ('pass', 'warn') as good from signal
        where asset_id = any(${[...assetIds]}::uuid[]) and type in ('test', 'freshness', 'tie-out', 'volume')
          and status in ('pass', 'warn', 'fail', 'error')
          and observed_at >= ${window.from} and observed_at <= ${window.to}
      ) seen
    ) turned
    where (before is null and not good) or good <> before
    order by observed_at, id
    limit ${mostLines}`.execute(trx);
  return rows.map((row) => ({
    at: row.observed_at,
    kind: 'test',
    text: `${row.name} on ${view.get(row.asset_id)?.name ?? 'an asset that is gone'} ${row.good ? 'passes' : row.type === 'freshness' ? 'says the data is late' : 'fails'}${row.good || row.message === null ? '' : `: ${row.message.slice(0, 200)}`}`,
    // Several syncs may bring the same result.
    sourceKey: `test:${row.asset_id}:${row.name}:${row.observed_at.getTime()}`,
  }));
}
