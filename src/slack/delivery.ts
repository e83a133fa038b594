import { createHash } from 'node:crypto';
import { z } from 'zod';

/** What Slack sends us, as far as routing and storing need to know it. Everything else is parsed where it is used. */
const anyBody = z.looseObject({
  type: z.string().optional(),
  command: z.string().optional(),
  event_id: z.string().optional(),
  trigger_id: z.string().optional(),
  team_id: z.string().optional(),
  team: z.looseObject({ id: z.string() }).nullish(),
  user: z.union([z.string(), z.looseObject({ id: z.string(), team_id: z.string().optional() })]).optional(),
  user_id: z.string().optional(),
  event: z.looseObject({ type: z.string() }).optional(),
  context_team_id: z.string().nullish(),
});

export type DeliveryBody = z.infer<typeof anyBody>;

export type DeliveryKind =
  | 'command'
  | 'event'
  | 'block_actions'
  | 'block_suggestion'
  | 'view_submission'
  | 'view_closed'
  | 'shortcut'
  | 'message_action'
  | 'other';

export function parseDelivery(body: unknown): DeliveryBody | null {
  const parsed = anyBody.safeParse(body);
  return parsed.success ? parsed.data : null;
}

export function kindOf(body: DeliveryBody): DeliveryKind {
  if (body.command !== undefined) return 'command';
  if (body.event !== undefined) return 'event';
  switch (body.type) {
    case 'block_actions':
    case 'block_suggestion':
    case 'view_submission':
    case 'view_closed':
    case 'shortcut':
    case 'message_action':
      return body.type;
    default:
      return 'other';
  }
}

/**
 * The delivery's idempotency key: Slack's event id, else its single-use trigger, else a digest of the body. (A view's hash is none: a
 * corrected submission keeps it.)
 */
export function deliveryKey(body: DeliveryBody): string {
  if (body.event_id) return `event:${body.event_id}`;
  if (body.trigger_id) return `trigger:${body.trigger_id}`;
  return `body:${createHash('sha256').update(JSON.stringify(body)).digest('hex')}`;
}

/** The workspace the delivery belongs to. */
export function teamOf(body: DeliveryBody): string | null {
  return body.team_id ?? body.team?.id ?? null;
}

/** Who did it, by Slack id. */
export function slackUserOf(body: DeliveryBody): string | null {
  if (typeof body.user_id === 'string') return body.user_id;
  if (typeof body.user === 'string') return body.user;
  if (body.user) return body.user.id;
  const event = body.event;
  return typeof event?.user === 'string' ? event.user : null;
}
