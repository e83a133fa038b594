import type { LinkUnfurls } from '@slack/types';
import { z } from 'zod';
import { whatLink } from '../links/what-link.js';
import { isFinal, platformError, retryAfterSeconds } from '../slack/slack-errors.js';
import { previewOf, type Reader } from '../slack/unfurls/preview.js';
import { defineEffect, type EffectServices } from './effect.js';

export const unfurlKind = 'slack.unfurl';

const payload = z.object({
  user: z.string(),
  channel: z.string(),
  ts: z.string(),
  urls: z.array(z.string()),
  /** A message still being written has no time yet, only these two. */
  unfurlId: z.string().optional(),
  source: z.string().optional(),
});
type Shared = z.infer<typeof payload>;

/** Shows what the links of a message lead to, as far as everybody who reads it may know. What nobody may know is not mentioned to Slack at all. */
export const slackUnfurl = defineEffect({
  kind: unfurlKind,
  queue: 'slack',
  payload,
  run: async (services, shared, { now }) => {
    const person = await services.directory.bySlackId(services.db, shared.user);
    if (person?.kind !== 'member' || person.status !== 'active') return { done: true };
    const { view } = services.catalog.current();
    const linked = shared.urls.flatMap((url) => {
      const what = whatLink(view, services.config.slack.links.own, url);
      return what === null ? [] : [{ url, what }];
    });
    if (linked.length === 0) return { done: true };
    const reader = await readerOf(services, shared, person);
    if (reader === null) return { done: true };
    const unfurls: LinkUnfurls = {};
    for (const { url, what } of linked) {
      const blocks = await previewOf(services, what, reader, now);
      if (blocks !== null) unfurls[url] = { blocks };
    }
    if (Object.keys(unfurls).length === 0) return { done: true };
    const { unfurlId, source, channel, ts } = shared;
    try {
      await services.slack.chat.unfurl(
        unfurlId !== undefined && (source === 'composer' || source === 'conversations_history')
          ? { unfurl_id: unfurlId, source, unfurls }
          : { channel, ts, unfurls },
      );
      return { done: true };
    } catch (error) {
      const waitSeconds = retryAfterSeconds(error);
      if (waitSeconds !== null)
        return {
          waitUntil: new Date(now.getTime() + waitSeconds * 1_000),
          reason: 'Slack asked for patience (429)',
        };
      // The message is gone, or the address is not ours to show: decoration, not worth another try.
      const code = platformError(error);
      if (code !== null && (isFinal(code) || code.startsWith('cannot_'))) return { done: true };
      throw error;
    }
  },
});

/** Who reads the message. Null where strangers do: channels shared with another company show nothing of ours. */
async function readerOf(
  services: EffectServices,
  { channel }: Shared,
  person: NonNullable<Reader['person']>,
): Promise<Reader | null> {
  // Slack names a direct message by D; in one with somebody else Steward is no member and could show nothing.
  if (channel.startsWith('D')) return { viewers: [{ id: person.id, teams: person.teams }], person };
  const { channel: info } = await services.slack.conversations.info({ channel });
  if (info?.is_ext_shared || info?.is_pending_ext_shared) return null;
  const audience = services.config.slack.audiences.find((entry) => entry.channel === channel);
  const viewers = audience?.teams.map((team) => ({ teams: [team] })) ?? [{ teams: [] }];
  return { viewers, person: null };
}
