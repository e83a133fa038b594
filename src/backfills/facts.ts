import type { SubjectFacts } from '../approvals/subject.js';
import { isHidden } from '../catalog/visibility.js';
import type { Db, Trx } from '../db/database.js';
import type { Services } from '../services.js';
import type { BackfillRow } from './events.js';
import { usedToday } from './limits.js';
import { isQuiet } from './preview/conflicts.js';
import type { Preview } from './preview/preview.js';
import type { Reprocess } from './tables.js';

/** What policy rules judge: a backfill that was asked for, or one that a form only shows. */
export interface JudgedBackfill {
  assetId: string;
  assetName: string;
  executor: string;
  pipeline: string;
  /** Number of partitions that would be rebuilt. */
  partitions: number;
  reprocess: Reprocess;
  concurrency: number;
  windowFrom: Date;
  incidentId: string | null;
  preview: Preview;
  requesterId: string | null;
  /** Its own id once it is stored: it does not count against itself. */
  id?: string;
}

export function storedFacts(backfill: BackfillRow): JudgedBackfill {
  return {
    assetId: backfill.asset_id,
    assetName: backfill.asset_name,
    executor: backfill.executor,
    pipeline: backfill.pipeline,
    partitions: backfill.partitions,
    reprocess: backfill.reprocess,
    concurrency: backfill.concurrency,
    windowFrom: backfill.window_from,
    incidentId: backfill.incident_id,
    preview: backfill.preview,
    requesterId: backfill.requested_by,
    id: backfill.id,
  };
}

/** What is there, else what past runs read nine times in ten at most. */
function bytesFact({ bytes, usualBytes }: Preview): { estimatedBytes?: number } {
  const known = bytes ?? usualBytes?.p90;
  return known === undefined ? {} : { estimatedBytes: known };
}

/** `when.facts` of policy rules: listed in docs/executors.md. */
export async function backfillFacts(
  services: Services,
  db: Db | Trx,
  judged: JudgedBackfill,
  now: Date,
): Promise<SubjectFacts> {
  const { preview } = judged;
  const asset = services.catalog.current().view.get(judged.assetId);
  const used = await usedToday(db, judged.requesterId, now, judged.id);
  const tiers = preview.downstream.flatMap(({ tier }) => (tier === undefined ? [] : [tier]));
  const has = (kind: string): boolean => preview.conflicts.some((conflict) => conflict.kind === kind);
  return {
    policyKind: 'backfill',
    title: `rebuild ${preview.readBack} of ${judged.assetName}`,
    ...(asset?.tier === undefined ? {} : { tier: asset.tier }),
    classification: asset?.classification ?? [],
    columns: [],
    ...(asset?.domain === undefined ? {} : { domain: asset.domain }),
    asset: judged.assetName,
    ...(asset?.relation === undefined ? {} : { relation: asset.relation }),
    owners: asset?.owners ?? [],
    ...(asset?.backupOwner === undefined ? {} : { backupOwner: asset.backupOwner }),
    extension: false,
    hidden: asset !== undefined && isHidden(services.config, asset),
    facts: {
      partitions: judged.partitions,
      pipeline: judged.pipeline,
      executor: judged.executor,
      reprocess: judged.reprocess,
      concurrency: judged.concurrency,
      /** Age of the oldest partition, in days. */
      windowAgeDays: Math.floor((now.getTime() - judged.windowFrom.getTime()) / 86_400_000),
      // What is not known is left out: a rule that asks for it then does not match, so nobody is waved through for want of runs.
      ...(preview.estimate.totalP90Seconds === null
        ? {}
        : { estimatedMinutes: Math.ceil(preview.estimate.totalP90Seconds / 60) }),
      ...(preview.estimate.cost === null ? {} : { estimatedCost: preview.estimate.cost }),
      ...(preview.estimate.rows === null ? {} : { estimatedRows: preview.estimate.rows }),
      ...bytesFact(preview),
      downstreamCount: preview.downstreamTotal,
      /** Most important tier built from it; 9 when none has one. */
      downstreamTier: Math.min(9, ...tiers),
      quietHours: isQuiet(services.config, now),
      freeze: has('freeze'),
      openIncident: has('incident'),
      overlaps: has('backfill'),
      forIncident: judged.incidentId !== null,
      /** Without this one. */
      personPartitionsToday: used.person,
      personRequestsToday: used.requests,
      partitionsToday: used.everybody,
    },
  };
}
