import { z } from 'zod';
import { findPipeline, type PipelineAsset } from '../../src/backfills/pipelines.js';
import { type BackfillWish, readReason } from '../../src/backfills/request.js';
import { maySeeOf } from '../../src/backfills/visibility.js';
import { parseWindow } from '../../src/backfills/window/parse.js';
import { InvalidInputError, StewardError } from '../../src/errors.js';
import { incidentByNumber, readNumber } from '../../src/incidents/incident.js';
import type { Person } from '../../src/people/person.js';
import type { Services } from '../../src/services.js';
import type { BackfillFormValues } from '../../src/slack/cards/backfill-form.js';
import type { ViewState, ViewStateValue } from '../../src/slack/surface.js';

const reprocess = z.enum(['all', 'missing', 'failed']).catch('all');
const direction = z.enum(['forward', 'backward']).catch('forward');
const option = z.object({ text: z.object({ text: z.string() }), value: z.string() });

/** What stands in the form, as typed and chosen. */
export function readForm(state: ViewState): BackfillFormValues {
  const only = (block: string): ViewStateValue | undefined => Object.values(state[block] ?? {})[0];
  const textOf = (block: string): string => only(block)?.value ?? '';
  const chosen = (block: string): string => only(block)?.selected_option?.value ?? '';
  const pipeline = chosen('pipeline');
  const named = option.safeParse(only('pipeline')?.selected_option);
  return {
    pipeline: pipeline === '' ? null : { id: pipeline, name: named.data?.text.text ?? pipeline },
    window: textOf('window'),
    reprocess: reprocess.parse(chosen('reprocess')),
    direction: direction.parse(chosen('direction')),
    concurrency: textOf('concurrency'),
    stopAfter: textOf('stop-after'),
    reason: textOf('reason'),
    incident: textOf('incident'),
    ticket: textOf('ticket').trim(),
    purposeId: chosen('purpose') || null,
    terms: (only('terms')?.selected_options ?? []).some(({ value }) => value === 'accepted'),
  };
}

/** The form as a wish of the domain. Throws one `InvalidInputError` that names every field which cannot be used. */
export async function wishOf(
  services: Services,
  { person, now }: { person: Person; now: Date },
  values: BackfillFormValues,
): Promise<BackfillWish> {
  const faults: Record<string, string> = {};
  const read = async <Value>(field: string, reader: () => Value | Promise<Value>) => {
    try {
      return await reader();
    } catch (error) {
      if (!(error instanceof StewardError)) throw error;
      faults[field] = (error instanceof InvalidInputError ? error.fields[field] : undefined) ?? error.message;
      return undefined;
    }
  };
  const pipeline = await read('pipeline', () => readPipeline(services, person, values));
  if (pipeline !== undefined) await read('window', () => parseWindow(values.window, pipeline.partition, now));
  const concurrency = await read('concurrency', () => wholeNumber('concurrency', values.concurrency, 1, 100));
  const stopAfter = await read('stop-after', () => wholeNumber('stop-after', values.stopAfter, 1, 1_000));
  const reason = await read('reason', () => readReason(values.reason));
  const incidentId = await read('incident', () => readIncident(services, person, values.incident));
  if (
    Object.keys(faults).length > 0 ||
    pipeline === undefined ||
    concurrency === undefined ||
    stopAfter === undefined ||
    reason === undefined ||
    incidentId === undefined
  ) {
    throw new InvalidInputError(Object.values(faults).join(' '), faults);
  }
  return {
    pipeline: pipeline.id,
    window: values.window,
    reprocess: values.reprocess,
    direction: values.direction,
    concurrency,
    stopAfter,
    reason,
    incidentId,
    ...(values.ticket === '' ? {} : { ticket: values.ticket }),
    ...(values.purposeId === null ? {} : { purposeId: values.purposeId, termsAccepted: values.terms }),
  };
}

function readPipeline(services: Services, person: Person, values: BackfillFormValues): PipelineAsset {
  if (values.pipeline === null) throw new InvalidInputError('Choose a pipeline.');
  return findPipeline(services.catalog.current().view, values.pipeline.id, maySeeOf(services.config, person));
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

function wholeNumber(field: string, text: string, min: number, max: number): number {
  const number = Number(text.trim());
  if (text.trim() !== '' && Number.isInteger(number) && number >= min && number <= max) return number;
  const sentence = `Write a whole number from ${min} to ${max}.`;
  throw new InvalidInputError(sentence, { [field]: sentence });
}
