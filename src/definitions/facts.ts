import type { SubjectFacts } from '../approvals/subject.js';
import { isHidden } from '../catalog/visibility.js';
import type { Services } from '../services.js';
import { freezeOn, todayIn } from './freeze.js';

/** Tag by which the source marks what the board reads. */
const boardTag = 'board-metric';

/** What policy may look at; `when.facts`: `board`, `deprecate`, `downstreamCount`, `dashboards`, `freeze`. Read from the present catalog. */
export function factsOf(
  services: Services,
  change: {
    kind: 'change' | 'deprecate';
    assetId: string;
    assetName: string;
    effectiveDate: string | null;
    now: Date;
  },
): SubjectFacts {
  const { view } = services.catalog.current();
  const asset = view.get(change.assetId);
  const downstream = asset === undefined ? [] : view.downstream(asset.id);
  const day = change.effectiveDate ?? todayIn(services.config, change.now);
  return {
    policyKind: 'definition',
    title:
      change.kind === 'change'
        ? `a new definition of ${change.assetName}`
        : `the deprecation of ${change.assetName}`,
    ...(asset?.tier === undefined ? {} : { tier: asset.tier }),
    classification: asset?.classification ?? [],
    columns: [],
    ...(asset?.domain === undefined ? {} : { domain: asset.domain }),
    asset: asset?.name ?? change.assetName,
    ...(asset?.relation === undefined ? {} : { relation: asset.relation }),
    owners: asset?.owners ?? [],
    ...(asset?.backupOwner === undefined ? {} : { backupOwner: asset.backupOwner }),
    extension: false,
    hidden: asset !== undefined && isHidden(services.config, asset),
    facts: {
      board: asset?.tags.includes(boardTag) ?? false,
      deprecate: change.kind === 'deprecate',
      downstreamCount: downstream.length,
      dashboards: downstream.filter((reached) => reached.asset.kind === 'exposure').length,
      freeze: freezeOn(services.config, asset?.domain, day) !== null,
    },
  };
}
