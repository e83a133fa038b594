import { z } from 'zod';
import { unfurlKind } from '../../src/effects/slack-unfurl.js';
import { enqueue } from '../../src/jobs/outbox.js';
import type { EventHandler } from '../../src/slack/surface.js';

/** https://docs.slack.dev/reference/events/link_shared */
const linkShared = z.object({
  user: z.string(),
  channel: z.string(),
  message_ts: z.string(),
  links: z.array(z.object({ url: z.string() })),
  unfurl_id: z.string().optional(),
  source: z.string().optional(),
});

const linksAtMost = 5;

/** Somebody posted an address of the catalog, of a dashboard or of ours. What it shows is decided when it is shown. Needs `links:read`, `links:write`. */
export const linkSharedHandler: EventHandler = {
  event: 'link_shared',
  run: async (services, event, { now, deliveryKey }) => {
    const parsed = linkShared.safeParse(event);
    if (!parsed.success) return;
    const { user, channel, message_ts: ts, links, unfurl_id: unfurlId, source } = parsed.data;
    await services.db.transaction().execute((trx) =>
      enqueue(trx, {
        kind: unfurlKind,
        queue: 'slack',
        key: `${unfurlKind}:${deliveryKey}`,
        payload: {
          user,
          channel,
          ts,
          urls: links.slice(0, linksAtMost).map(({ url }) => url),
          ...(unfurlId === undefined || source === undefined ? {} : { unfurlId, source }),
        },
        now,
      }),
    );
  },
};
