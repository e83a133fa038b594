import { z } from 'zod';
import { isUnreachable } from '../db/unreachable.js';
import { type DeliveryBody, kindOf } from './delivery.js';

const again = 'Try again in a minute; if it stays so, tell whoever runs Steward.';
export const unreachableWords = `Steward cannot reach its database right now: nothing was looked up and nothing was changed. ${again}`;
const other = `Something went wrong on my side before anything was changed. ${again}`;

const form = z.object({
  view: z.object({ blocks: z.array(z.looseObject({ type: z.string(), block_id: z.string() })) }),
});

/**
 * What Slack shows instead of an answer when a delivery cannot be taken in: a sentence for a command, an error beside the first input of a
 * form, which keeps what was typed. Null for everything else: without an ack events come again, and a button shows that it failed.
 */
export function ackOfFailure(body: DeliveryBody, error: unknown): Record<string, unknown> | null {
  const words = isUnreachable(error) ? unreachableWords : other;
  const kind = kindOf(body);
  if (kind === 'command') return { response_type: 'ephemeral', text: words };
  if (kind !== 'view_submission') return null;
  const input = form.safeParse(body).data?.view.blocks.find((block) => block.type === 'input');
  return input ? { response_action: 'errors', errors: { [input.block_id]: words } } : null;
}
