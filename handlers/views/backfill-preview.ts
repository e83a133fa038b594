import type { ModalView } from '@slack/types';
import { purposesOf } from '../../src/approvals/policy/purposes-of.js';
import { policyWants, previewPolicy } from '../../src/backfills/judge-wish.js';
import { findPipeline } from '../../src/backfills/pipelines.js';
import { planWords } from '../../src/backfills/preview/plan-words.js';
import { readWish } from '../../src/backfills/request.js';
import { maySeeOf } from '../../src/backfills/visibility.js';
import { parseWindow } from '../../src/backfills/window/parse.js';
import type { Partition } from '../../src/catalog/asset.js';
import { StewardError } from '../../src/errors.js';
import type { Person } from '../../src/people/person.js';
import type { Services } from '../../src/services.js';
import { type BackfillFormValues, backfillForm } from '../../src/slack/cards/backfill-form.js';
import { previewLines } from '../../src/slack/cards/backfill-words.js';
import { escapeMrkdwn } from '../../src/slack/mrkdwn.js';
import type { ViewState } from '../../src/slack/surface.js';
import { readForm, wishOf } from './backfill-form-state.js';

interface Asked {
  state: ViewState;
  privateMetadata: string;
  person: Person;
  now: Date;
}

/** The same form with what it would do: exact partitions, time, downstream, conflicts, and what policy says. Reads only. */
export async function previewForm(services: Services, asked: Asked): Promise<ModalView> {
  const values = readForm(asked.state);
  let lines: string[] = [];
  let hint = hintFor(null);
  let { ticket, purposes } = await optionalWants(services);
  try {
    const wish = await wishOf(services, asked, { ...values, reason: values.reason.trim() || 'preview' });
    const read = await readWish(services, wish, asked.person, asked.now);
    hint = hintFor(read.asset.partition);
    const maySee = maySeeOf(services.config, asked.person);
    const { view } = services.catalog.current();
    lines = [
      `*This would rebuild ${escapeMrkdwn(read.asset.name)}:*`,
      ...previewLines(read.made.preview, (id) => {
        const asset = view.get(id);
        return asset !== undefined && maySee(asset);
      }),
    ];
    const { plan, rule, policy } = await previewPolicy(services, {
      read,
      wish,
      person: asked.person,
      now: asked.now,
    });
    ticket = rule?.ticket ?? ticket;
    purposes = { choices: purposesOf({ rule, policy }), required: true };
    lines.push(`*Policy:* ${escapeMrkdwn(planWords(plan))}`);
  } catch (error) {
    lines.push(warning(error));
  }
  return backfillForm(values, {
    privateMetadata: asked.privateMetadata,
    hint,
    ticket,
    purposes,
    preview: lines,
  });
}

/** After a choice in the form: the whole preview once pipeline and window are there, and until then only how the window is read. */
export async function followForm(services: Services, asked: Asked): Promise<ModalView> {
  const values = readForm(asked.state);
  if (values.pipeline !== null && values.window.trim() !== '') return previewForm(services, asked);
  return openForm(services, values, asked);
}

/** The form as it opens: a window that is known already is read back as exact partitions. */
export async function openForm(
  services: Services,
  values: BackfillFormValues,
  asked: Pick<Asked, 'privateMetadata' | 'person' | 'now'>,
): Promise<ModalView> {
  const partition = partitionOf(services, values, asked.person);
  return backfillForm(values, {
    privateMetadata: asked.privateMetadata,
    hint: hintFor(partition),
    ...(await optionalWants(services)),
    preview:
      partition === null || values.window.trim() === '' ? null : [readBack(values, partition, asked.now)],
  });
}

function readBack(values: BackfillFormValues, partition: Partition, now: Date): string {
  try {
    return `*Partitions:* ${escapeMrkdwn(parseWindow(values.window, partition, now).readBack)}`;
  } catch (error) {
    return warning(error);
  }
}

function partitionOf(services: Services, values: BackfillFormValues, person: Person): Partition | null {
  if (values.pipeline === null) return null;
  try {
    const maySee = maySeeOf(services.config, person);
    return findPipeline(services.catalog.current().view, values.pipeline.id, maySee).partition;
  } catch (error) {
    if (error instanceof StewardError) return null;
    throw error;
  }
}

/** Which rule decides is known only once the window is: until then a ticket and a purpose may be given, and need not. */
async function optionalWants(services: Services) {
  const { ticket, purposes } = await policyWants(services);
  return {
    ticket: ticket === null ? null : { ...ticket, required: false },
    purposes: { choices: purposes, required: false },
  };
}

function warning(error: unknown): string {
  if (!(error instanceof StewardError)) throw error;
  return `:warning: ${escapeMrkdwn(error.message)}`;
}

function hintFor(partition: { grain: string; timeZone: string } | null): string {
  const read = 'Press Enter to read it back as exact partitions.';
  return partition === null
    ? `Read in the pipeline’s own time zone. ${read}`
    : `By ${partition.grain}, in ${partition.timeZone}. ${read}`;
}
