import { IllegalTransitionError, InvalidInputError } from '../../errors.js';
import type { Services } from '../../services.js';
import { chunksOf, loadBackfill } from '../load.js';
import { isPipeline } from '../pipelines.js';
import { makePreview } from '../preview/make-preview.js';
import { referenceOf } from '../reference.js';
import { requireOn } from '../roles.js';
import { acceptNow } from '../run/begin.js';
import { windowSlices } from '../stored-window.js';
import type { ControlParams } from './control.js';

/** An owner has seen how things differ from what was approved and lets it start with what is true now. */
export async function acceptChange(services: Services, params: ControlParams): Promise<string> {
  const { now } = params;
  const backfill = await loadBackfill(services.db, params.backfillId);
  const reference = referenceOf(backfill);
  const asset = services.catalog.current().view.get(backfill.asset_id);
  await requireOn(services, services.db, 'backfill.accept-change', params.acting, {
    asset,
    requesterId: backfill.requested_by,
    now,
  });
  if (params.acting.person !== null && params.acting.person.id === backfill.requested_by) {
    throw new InvalidInputError(
      `You asked for ${reference} yourself, so somebody else has to accept that things have changed. Nothing was changed.`,
    );
  }
  if (backfill.state !== 'halted' || (await chunksOf(services.db, backfill.id)).length > 0) {
    throw new IllegalTransitionError(
      `${reference} is ${backfill.state} and has nothing to accept. Nothing was changed.`,
      backfill.state,
      'waiting',
    );
  }
  if (asset === undefined || !isPipeline(asset)) {
    throw new InvalidInputError(
      `${backfill.asset_name} is no longer a pipeline in the catalog, so ${reference} cannot start. Cancel it.`,
    );
  }
  const made = await makePreview(services, {
    asset,
    slices: windowSlices(backfill),
    reprocess: backfill.reprocess,
    direction: backfill.direction,
    concurrency: backfill.concurrency,
    maySee: () => true,
    exceptId: backfill.id,
    incidentId: backfill.incident_id,
    now,
  });
  await acceptNow(services, {
    backfillId: backfill.id,
    preview: made.preview,
    hash: made.hash,
    actor: params.actor,
    now,
  });
  return `${reference} starts with what is true now: ${made.preview.readBack}.`;
}
