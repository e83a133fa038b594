import type { EffectServices } from './effect.js';

/** Link of a posted message; null where Slack gives none. Decoration: what it is wanted for goes on without it. */
export async function permalinkOf(
  services: Pick<EffectServices, 'slack' | 'log'>,
  channel: string,
  ts: string,
): Promise<string | null> {
  try {
    return (await services.slack.chat.getPermalink({ channel, message_ts: ts })).permalink ?? null;
  } catch (error) {
    services.log.warn({ err: error, channel, ts }, 'the link of a message could not be read');
    return null;
  }
}
