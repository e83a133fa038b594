import type { Asset, Signal } from '../catalog/asset.js';
import { failureOnsets } from '../catalog/failure-onsets.js';
import type { CommitLinks } from '../catalog/file-links.js';
import { grouped } from '../catalog/grouped.js';
import { signalHistories } from '../catalog/signal-history.js';
import type { CatalogView } from '../catalog/view.js';
import type { Db } from '../db/database.js';
import type { AnswerInput } from './context.js';
import { noticeLinks } from './notice-links.js';
import type { AssetNotice, NoticesOf } from './notices.js';
import { readVersions } from './read-versions.js';

/** How far back an answer looks, in milliseconds. */
const evidenceWindowMs = 120 * 86_400_000;
/** Notices are read of as much lineage as a verdict looks at. */
const noticeLineage = 400;
/** Lineage beyond this many assets is not read for an answer: nobody waits for it. */
const lineageLimit = 150;
/** Measurements that one answer reads, so that nobody waits for it; each asset has its share, the newest without a gap. */
const mostSignals = 9_000;
/** Of one asset at most: several checks a day for weeks. */
const mostOfOne = 200;
/** Versions: of what is asked about as many as somebody may ask for, of what it is built from the latest. */
const mostVersions = 1_000;
const mostVersionsUpstream = 20;
/** Longer than this nobody waits to learn when every check began to fail; what was read of their measurements must do then, and says how far it goes. */
const onsetsWithinMs = 700;

/** What is asked for beyond the state of today: all that happened in a window to the things that can explain a change. */
export interface ChangeWindow {
  from: Date;
  lineage: readonly Asset[];
}

type ReadEvidence = Pick<AnswerInput, 'view' | 'noticesOf' | 'versionsOf' | 'onsetsOf' | 'readBackTo'>;

/** What the database knows of the assets that an answer is about: notices, versions, and with `deep` measurements of all they are built from. */
export async function readEvidence(
  db: Db,
  view: CatalogView,
  about: readonly Asset[],
  now: Date,
  how: {
    deep: boolean;
    change?: ChangeWindow;
    onsetsWithinMs?: number;
    commits?: CommitLinks;
    own?: string | undefined;
  },
): Promise<ReadEvidence> {
  const upstreamIds = (limit: number): string[] =>
    how.deep
      ? about.flatMap(({ id }) =>
          view
            .upstream(id)
            .slice(0, limit)
            .map(({ asset }) => asset.id),
        )
      : [];
  const changing = how.change?.lineage.map(({ id }) => id) ?? [];
  const aboutIds = about.map(({ id }) => id);
  const measured = [...new Set([...aboutIds, ...upstreamIds(lineageLimit)])];
  const noticed = [...new Set([...aboutIds, ...upstreamIds(noticeLineage), ...changing])];
  const since = new Date(now.getTime() - evidenceWindowMs);
  const share = Math.min(mostOfOne, Math.ceil(mostSignals / measured.length));
  const versionsWanted = new Map([...measured, ...changing].map((id) => [id, mostVersionsUpstream]));
  for (const id of aboutIds) versionsWanted.set(id, mostVersions);
  const [notices, versions, signals, onsets] = await Promise.all([
    readNotices(db, noticed, since, how.own),
    readVersions(db, versionsWanted, how.commits),
    how.deep
      ? signalHistories(db, measured, { from: since, to: now, limit: share })
      : new Map<string, Signal[]>(),
    how.change === undefined
      ? null
      : failureOnsets(db, changing, {
          from: how.change.from,
          to: now,
          withinMs: how.onsetsWithinMs ?? onsetsWithinMs,
        }),
  ]);
  return {
    view: withHistory(view, signals),
    noticesOf: (id) => notices.get(id) ?? [],
    versionsOf: (id) => versions.get(id) ?? [],
    ...(onsets === null ? {} : { onsetsOf: (id) => onsets.get(id) ?? [] }),
    readBackTo: (id) => {
      const read = signals.get(id) ?? [];
      const oldest = read.length < share ? undefined : read.at(-1);
      return oldest && new Date(oldest.observedAt);
    },
  };
}

/** The same catalog, whose `signals` go back in time for the assets in question. */
function withHistory(view: CatalogView, history: ReadonlyMap<string, Signal[]>): CatalogView {
  if (history.size === 0) return view;
  return { ...view, signals: (id) => history.get(id) ?? view.signals(id) };
}

async function readNotices(
  db: Db,
  ids: readonly string[],
  since: Date,
  own?: string,
): Promise<Map<string, AssetNotice[]>> {
  const rows = await db
    .selectFrom('asset_notice')
    .selectAll()
    .where('asset_id', 'in', [...ids])
    .where((where) => where.or([where('ends_at', 'is', null), where('ends_at', '>', since)]))
    .orderBy('starts_at', 'desc')
    .execute();
  const links = await noticeLinks(db, rows, own);
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
      ...linkOf(links.get(row.reference)),
    }),
  );
}

function linkOf(url: string | undefined): Pick<AssetNotice, 'url'> {
  return url === undefined ? {} : { url };
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
