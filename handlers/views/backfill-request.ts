import { z } from 'zod';
import { checkPolicy, policyWants } from '../../src/backfills/judge-wish.js';
import { isPipeline } from '../../src/backfills/pipelines.js';
import { type BackfillWish, readWish, requestBackfill } from '../../src/backfills/request.js';
import { maySeeOf } from '../../src/backfills/visibility.js';
import { InvalidInputError, StewardError } from '../../src/errors.js';
import { brokenAssets } from '../../src/incidents/blast/store.js';
import { canSee, loadIncident, referenceOf } from '../../src/incidents/incident.js';
import type { Person } from '../../src/people/person.js';
import type { Services } from '../../src/services.js';
import { type BackfillFormValues, backfillFormId, emptyForm } from '../../src/slack/cards/backfill-form.js';
import { escapeMrkdwn } from '../../src/slack/mrkdwn.js';
import type { Caller, ViewHandler } from '../../src/slack/surface.js';
import { readForm, wishOf } from './backfill-form-state.js';
import { openForm } from './backfill-preview.js';

/** `/backfill request`, "Backfill" on an incident, an asset or a message. */
export const backfillRequestView: ViewHandler = {
  callbackId: backfillFormId,
  async build(services, caller, params) {
    const incident = await incidentFor(services, caller.person, params.incidentId);
    const named = params.pipeline ?? incident?.pipeline;
    const asset = named === undefined ? undefined : services.catalog.current().view.get(named);
    const known = asset !== undefined && isPipeline(asset) && maySeeOf(services.config, caller.person)(asset);
    const values: BackfillFormValues = {
      ...emptyForm,
      pipeline: known ? { id: asset.id, name: asset.name } : null,
      window: params.window ?? '',
      reason: params.reason ?? incident?.reason ?? '',
      incident: incident?.reference ?? '',
      stopAfter: String(services.config.backfills.stopAfter),
    };
    return openForm(services, values, { privateMetadata: '{}', person: caller.person, now: caller.now });
  },

  async validate(services, submission) {
    const { caller } = submission;
    try {
      const wish = await wishOf(services, caller, readForm(submission.state));
      const wants = await policyWants(services);
      if (wants.ticket !== null || wants.purposes.length > 0) await checkInTime(services, wish, caller);
      return null;
    } catch (error) {
      return fieldErrors(error, Object.keys(submission.state));
    }
  },

  async submit(services, submission) {
    const { caller } = submission;
    const requested = await requestBackfill(services, {
      wish: await wishOf(services, caller, readForm(submission.state)),
      person: caller.person,
      actor: caller.actor,
      requestKey: `view:${submission.viewId}`,
      now: caller.now,
    });
    return { reply: { text: escapeMrkdwn(requested.text), visibility: 'asker' } };
  },
};

/** Slack wants its answer after three seconds; an executor that cannot be looked at by then is waited for after the ack, where a mistake is told in a message. */
const patienceMs = 2_000;

async function checkInTime(services: Services, wish: BackfillWish, caller: Caller): Promise<void> {
  const { person, now } = caller;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, patienceMs);
  });
  const checked = readWish(services, wish, person, now).then((read) =>
    checkPolicy(services, { read, wish, person, now }),
  );
  try {
    await Promise.race([checked, late]);
  } finally {
    clearTimeout(timer);
    checked.catch(() => undefined);
  }
}

/** What the form takes from the incident it was opened from, when this person may know of it: the broken pipeline first of all. */
async function incidentFor(
  services: Services,
  person: Person,
  id: string | undefined,
): Promise<{ reference: string; reason: string; pipeline: string | undefined } | null> {
  if (id === undefined || !z.uuid().safeParse(id).success) return null;
  const incident = await loadIncident(services.db, id);
  if (incident === null || !(await canSee(services, services.db, incident, person))) return null;
  const { view } = services.catalog.current();
  const broken = await brokenAssets(services.db, id);
  const pipeline = broken.find((assetId) => {
    const asset = view.get(assetId);
    return asset !== undefined && isPipeline(asset);
  });
  return {
    reference: referenceOf(incident),
    reason: `${referenceOf(incident)}: ${incident.title}`,
    pipeline,
  };
}

/** Errors may only stand on inputs that the form shows; everything else goes to the pipeline. */
function fieldErrors(error: unknown, shown: readonly string[]): Record<string, string> {
  if (!(error instanceof StewardError)) throw error;
  const errors: Record<string, string> = {};
  const fields = error instanceof InvalidInputError ? error.fields : {};
  for (const [field, words] of Object.entries(fields)) {
    const block = shown.includes(field) ? field : 'pipeline';
    errors[block] = errors[block] === undefined ? words : `${errors[block]} ${words}`;
  }
  return Object.keys(errors).length > 0 ? errors : { pipeline: error.message.slice(0, 2_000) };
}
