import type { ModalView } from '@slack/types';
import { z } from 'zod';
import { findPipeline, isPipeline } from '../../src/backfills/pipelines.js';
import { policyVerdict } from '../../src/backfills/preview/policy-verdict.js';
import { type BackfillWish, readWish, requestBackfill } from '../../src/backfills/request.js';
import { maySeeOf } from '../../src/backfills/visibility.js';
import { WindowError } from '../../src/backfills/window/errors.js';
import { parseWindow } from '../../src/backfills/window/parse.js';
import { InvalidInputError, StewardError } from '../../src/errors.js';
import { brokenAssets } from '../../src/incidents/blast/store.js';
import {
  canSee,
  incidentByNumber,
  loadIncident,
  readNumber,
  referenceOf,
} from '../../src/incidents/incident.js';
import type { Person } from '../../src/people/person.js';
import type { Services } from '../../src/services.js';
import {
  type BackfillFormValues,
  backfillForm,
  backfillFormId,
  emptyForm,
} from '../../src/slack/cards/backfill-form.js';
import { previewLines } from '../../src/slack/cards/backfill-words.js';
import { escapeMrkdwn } from '../../src/slack/mrkdwn.js';
import type { ViewHandler, ViewState } from '../../src/slack/surface.js';

const reprocess = z.enum(['all', 'missing', 'failed']).catch('all');
const direction = z.enum(['forward', 'backward']).catch('forward');

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
    return backfillForm(values, {
      privateMetadata: '{}',
      hint: hintFor(known ? asset.partition : null),
      preview: null,
    });
  },

  async validate(services, submission) {
    const values = readForm(submission.state);
    try {
      const wish = await wishOf(services, submission.caller.person, values);
      const asset = findPipeline(
        services.catalog.current().view,
        wish.pipeline,
        maySeeOf(services.config, submission.caller.person),
      );
      parseWindow(wish.window, asset.partition, submission.caller.now);
      return null;
    } catch (error) {
      return fieldErrors(error);
    }
  },

  async submit(services, submission) {
    const { caller } = submission;
    const requested = await requestBackfill(services, {
      wish: await wishOf(services, caller.person, readForm(submission.state)),
      person: caller.person,
      actor: caller.actor,
      requestKey: `view:${submission.viewId}`,
      now: caller.now,
    });
    return { reply: { text: escapeMrkdwn(requested.text), visibility: 'asker' } };
  },
};

/** The same form with what it would do: exact partitions, time, downstream, conflicts. Reads only. */
export async function previewForm(
  services: Services,
  params: { state: ViewState; privateMetadata: string; person: Person; now: Date },
): Promise<ModalView> {
  const values = readForm(params.state);
  let lines: string[];
  let hint = hintFor(null);
  try {
    const wish = { ...(await wishOf(services, params.person, values)), reason: values.reason || 'preview' };
    const read = await readWish(services, wish, params.person, params.now);
    const maySee = maySeeOf(services.config, params.person);
    const { view } = services.catalog.current();
    lines = previewLines(read.made.preview, (id) => {
      const asset = view.get(id);
      return asset !== undefined && maySee(asset);
    });
    hint = hintFor(read.asset.partition);
    lines.unshift(`*This would rebuild ${escapeMrkdwn(read.asset.name)}:*`);
    const verdict = await policyVerdict(services, { read, wish, person: params.person, now: params.now });
    lines.push(`*Policy:* ${escapeMrkdwn(verdict)}`);
  } catch (error) {
    if (!(error instanceof StewardError)) throw error;
    lines = [`:warning: ${escapeMrkdwn(error.message)}`];
  }
  return backfillForm(values, { privateMetadata: params.privateMetadata, hint, preview: lines });
}

function hintFor(partition: { grain: string; timeZone: string } | null): string {
  return partition === null
    ? 'Read in the pipeline’s own time zone and read back as exact partitions.'
    : `By ${partition.grain}, in ${partition.timeZone}. Read back as exact partitions.`;
}

export function readForm(state: ViewState): BackfillFormValues {
  const textOf = (block: string): string => state[block]?.value?.value ?? '';
  const chosen = (block: string): string => state[block]?.value?.selected_option?.value ?? '';
  const pipeline = state.pipeline?.['backfill-pipeline']?.selected_option;
  const named = z.object({ text: z.object({ text: z.string() }) }).safeParse(pipeline);
  return {
    pipeline:
      pipeline === null || pipeline === undefined
        ? null
        : { id: pipeline.value, name: named.success ? named.data.text.text : pipeline.value },
    window: textOf('window'),
    reprocess: reprocess.parse(chosen('reprocess')),
    direction: direction.parse(chosen('direction')),
    concurrency: textOf('concurrency'),
    stopAfter: textOf('stop-after'),
    reason: textOf('reason'),
    incident: textOf('incident'),
  };
}

async function wishOf(services: Services, person: Person, values: BackfillFormValues): Promise<BackfillWish> {
  if (values.pipeline === null)
    throw new InvalidInputError('Choose a pipeline.', { pipeline: 'Choose a pipeline.' });
  return {
    pipeline: values.pipeline.id,
    window: values.window,
    reprocess: values.reprocess,
    direction: values.direction,
    concurrency: wholeNumber('concurrency', values.concurrency, 1, 100),
    stopAfter: wholeNumber('stop-after', values.stopAfter, 1, 1_000),
    reason: values.reason,
    incidentId: await readIncident(services, person, values.incident),
  };
}

/** An incident this person may know of; one they may not is answered like one that is not there. */
async function readIncident(services: Services, person: Person, text: string): Promise<string | null> {
  if (text.trim() === '') return null;
  const number = readNumber(text);
  const sentence = 'Write an incident as `INC-12`, or leave it empty.';
  if (number === null) throw new InvalidInputError(sentence, { incident: sentence });
  try {
    return (await incidentByNumber(services, person, number)).id;
  } catch (error) {
    if (!(error instanceof StewardError)) throw error;
    throw new InvalidInputError(error.message, { incident: error.message });
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

function wholeNumber(field: string, text: string, min: number, max: number): number {
  const number = Number(text.trim());
  if (text.trim() !== '' && Number.isInteger(number) && number >= min && number <= max) return number;
  const sentence = `Write a whole number from ${min} to ${max}.`;
  throw new InvalidInputError(sentence, { [field]: sentence });
}

function fieldErrors(error: unknown): Record<string, string> {
  if (error instanceof WindowError) return { window: error.message };
  if (error instanceof InvalidInputError && Object.keys(error.fields).length > 0) return error.fields;
  if (error instanceof StewardError) return { pipeline: error.message };
  throw error;
}
