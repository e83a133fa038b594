import type { Trx } from '../db/database.js';
import { type CardRef, postCard } from '../jobs/outgoing.js';
import { postNotice } from '../notices/post-notice.js';
import type { TopicId } from '../notices/topics.js';
import type { Services } from '../services.js';

/**
 * Tells one reader what happened to an asset. Whoever subscribed wanted exactly this: it comes at once, and its "Stop these" ends that subscription. Everybody else
 * gets a notice of a topic, which may wait for their morning and is stopped as a whole.
 */
export async function tellReader(
  services: Pick<Services, 'config' | 'directory'>,
  trx: Trx,
  params: {
    personId: string;
    why: 'subscribed' | 'asked' | 'owner';
    topic: TopicId;
    key: string;
    card: CardRef;
    now: Date;
  },
): Promise<void> {
  const { why, personId, topic, key, card, now } = params;
  if (why === 'subscribed') await postCard(trx, { key, to: { personId }, card, now });
  else await postNotice(services, trx, { topic, personId, key, card, now });
}
