import type { AssetDraft } from '../asset.js';
import { present } from '../meta/meta-facts.js';
import { unique } from '../meta/values.js';
import { type DraftContext, draftOf, factsOf } from './draft.js';
import type { ExposureSpec, TableSpec } from './specs.js';

/** A model, seed, snapshot (all kind `model`) or source as an asset. */
export function tableAsset(table: TableSpec, context: DraftContext): AssetDraft {
  const facts = factsOf(table, context.now);
  const draft = draftOf(table, table.resource === 'source' ? 'source' : 'model', facts, context);
  const last = table.deprecatedOn ?? draft.deprecatedOn;
  const over = last !== undefined && last <= context.now.toISOString().slice(0, 10);
  return {
    ...draft,
    status: over ? 'deprecated' : draft.status,
    certified: draft.certified && !over,
    columns: table.columns,
    // dbt holds a table to its contract: those columns and no others.
    ...(table.contract?.enforced ? {} : { columnsFrom: 'documentation' as const }),
    context: unique([
      ...facts.context,
      ...table.words,
      ...(table.sourceName === undefined ? [] : [`${table.sourceName}.${table.name}`]),
      ...(table.resource === 'seed' || table.resource === 'snapshot' ? [table.resource] : []),
    ]),
    ...present({
      relation: table.relation,
      version: table.version,
      contract: table.contract,
      codeChecksum: table.codeChecksum,
      partition: draft.partition ?? table.partition,
      freshnessSla: table.freshnessSla ?? draft.freshnessSla,
      deprecatedOn: last,
      successor: draft.successor ?? newerVersion(table),
    }),
  };
}

/** An old version that has a last day gives way to the latest one of its family. */
function newerVersion(table: TableSpec): string | undefined {
  const { version, latestVersion, deprecatedOn } = table;
  if (
    deprecatedOn === undefined ||
    version === undefined ||
    latestVersion === undefined ||
    version === latestVersion
  ) {
    return undefined;
  }
  return table.uniqueId.replace(/\.v[^.]+$/, `.v${latestVersion}`);
}

export function exposureAsset(exposure: ExposureSpec, context: DraftContext): AssetDraft {
  const facts = factsOf(exposure, context.now);
  const draft = draftOf(exposure, 'exposure', facts, context);
  return {
    ...draft,
    owners: exposure.owners.length > 0 ? exposure.owners : draft.owners,
    context: unique([
      ...facts.context,
      ...[exposure.type, exposure.maturity].filter((word) => word !== undefined),
    ]),
    ...present({ url: exposure.url ?? draft.url }),
  };
}
