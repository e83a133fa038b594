import type { Db } from '../db/database.js';
import { listInWords } from './words.js';

/** The definition change that a version came from: who agreed to it, and when it was announced. */
export interface VersionDecision {
  assetId: string;
  /** What people see: `DEF-3`. */
  reference: string;
  /** When the source was first read with it. */
  inSourceAt: Date;
  /** Names in words; absent where policy let it pass by itself. */
  approvedBy?: string;
  /** The thread in which it was decided. */
  threadUrl?: string;
  /** Where it was proposed to the source's repository. */
  pullRequestUrl?: string;
  /** When its release note stood in Slack, and where everybody can read it. */
  announcedAt?: Date;
  announcementUrl?: string;
}

/** Variant of a release note in the announcements channel. */
const releasedToAll = 'release:announcement';

/** What was decided about some assets and has reached their source, newest first. */
export async function readDecisions(db: Db, assetIds: readonly string[]): Promise<VersionDecision[]> {
  if (assetIds.length === 0) return [];
  const changes = await db
    .selectFrom('definition_change')
    .select(['id', 'number', 'asset_id', 'in_source_at', 'thread_permalink', 'pull_request_url'])
    .where('asset_id', 'in', [...assetIds])
    .where('state', '=', 'in-source')
    .orderBy('in_source_at', 'desc')
    .limit(200)
    .execute();
  if (changes.length === 0) return [];
  const ids = changes.map((change) => change.id);
  const [approvals, announcements] = await Promise.all([
    db
      .selectFrom('approval_decision')
      .innerJoin('approval_request', 'approval_request.id', 'approval_decision.request_id')
      .innerJoin('person', 'person.id', 'approval_decision.person_id')
      .select(['approval_request.subject_id', 'person.name'])
      .where('approval_request.kind', '=', 'definition')
      .where('approval_request.subject_id', 'in', ids)
      .where('approval_decision.verdict', '=', 'approve')
      .orderBy('approval_decision.stage')
      .orderBy('approval_decision.at')
      .execute(),
    db
      .selectFrom('slack_message')
      .select(['card_id', 'variant', 'updated_at', 'permalink'])
      .where('card_kind', '=', 'definition-note')
      .where('card_id', 'in', ids)
      .where('variant', 'like', 'release:%')
      .where('state', '=', 'sent')
      .orderBy('updated_at')
      .execute(),
  ]);
  return changes.flatMap((change) => {
    if (change.in_source_at === null) return [];
    const names = approvals.filter((one) => one.subject_id === change.id).map((one) => one.name);
    const own = announcements.filter((one) => one.card_id === change.id);
    const [announced] = own;
    // One in a channel that subscribed may be a link that nobody else can open.
    const open = own.find((one) => one.variant === releasedToAll)?.permalink ?? null;
    return [
      {
        assetId: change.asset_id,
        reference: `DEF-${change.number}`,
        inSourceAt: change.in_source_at,
        ...(names.length === 0 ? {} : { approvedBy: listInWords([...new Set(names)]) }),
        ...(change.thread_permalink === null ? {} : { threadUrl: change.thread_permalink }),
        ...(change.pull_request_url === null ? {} : { pullRequestUrl: change.pull_request_url }),
        ...(announced === undefined ? {} : { announcedAt: announced.updated_at }),
        ...(open === null ? {} : { announcementUrl: open }),
      },
    ];
  });
}

/**
 * The decision behind each version of one asset, by the time of the version. A change is in force with the newest version that was there when its
 * words were seen in the source: the source may have had them before they were approved.
 */
export function decisionsByVersion(
  versions: readonly { at: Date; change: string }[],
  decisions: readonly VersionDecision[],
): Map<number, VersionDecision> {
  const found = new Map<number, VersionDecision>();
  const worded = versions.filter(({ change }) => change !== 'removed' && change !== 'created');
  for (const decision of decisions) {
    const version = worded
      .filter(({ at }) => at <= decision.inSourceAt)
      .sort((a, b) => b.at.getTime() - a.at.getTime())[0];
    if (version && !found.has(version.at.getTime())) found.set(version.at.getTime(), decision);
  }
  return found;
}
