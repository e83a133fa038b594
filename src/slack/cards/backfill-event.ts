import { context } from '../blocks.js';
import type { CardRenderer } from '../card.js';
import { escapeMrkdwn, slackDate } from '../mrkdwn.js';

/** One line of a backfill's history, in the thread of its message. */
export const backfillEventCard: CardRenderer = {
  kind: 'backfill-event',
  async render(services, id) {
    const event = await services.db
      .selectFrom('backfill_event')
      .select(['text', 'at'])
      .where('id', '=', id)
      .executeTakeFirst();
    if (event === undefined) return null;
    return {
      text: escapeMrkdwn(event.text),
      blocks: [context(`${slackDate(event.at, '{time_secs}')} ${escapeMrkdwn(event.text)}`)],
    };
  },
};
