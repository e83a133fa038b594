import type { Trx } from '../db/database.js';
import { type CardRef, postCard } from '../jobs/outgoing.js';
import type { Services } from '../services.js';
import { postNotice } from './post-notice.js';
import type { TopicId } from './topics.js';

export interface OperationsNews {
  topic: TopicId;
  /** Unique for ever: the same news is told once. */
  key: string;
  card: CardRef;
  now: Date;
}

/**
 * Tells whoever keeps Steward running: the channel `slack.channels.operations` where steward.yml names one, else each
 * administrator, who may stop such news.
 */
export async function tellOperations(
  services: Pick<Services, 'config' | 'directory'>,
  trx: Trx,
  { topic, key, card, now }: OperationsNews,
): Promise<void> {
  const channelId = services.config.slack.channels.operations;
  if (channelId !== undefined) return postCard(trx, { key, to: { channelId }, card, now });
  for (const email of services.config.authority.admins) {
    const admin = await services.directory.byEmail(trx, email);
    if (!admin?.slackId) continue;
    await postNotice(services, trx, { topic, personId: admin.id, key: `${key}:${admin.id}`, card, now });
  }
}
