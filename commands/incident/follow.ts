import { referenceOf } from '../../src/incidents/incident.js';
import { joinIncident } from '../../src/incidents/people.js';
import { catchupReply, showReply } from '../../src/slack/cards/incident-replies.js';
import { reviewReply } from '../../src/slack/cards/incident-review.js';
import type { Verb } from '../../src/slack/surface.js';
import { about, act } from './about.js';

/** Seeing, joining and learning from one incident. */
export const followVerbs: readonly Verb[] = [
  about('show', 'show <n>', 'everything about one', 'read', (services, caller, one) =>
    showReply(services, caller, one),
  ),
  about('join', 'join <n>', 'take part: channel and updates', 'act', async (services, caller, one) => {
    await joinIncident(services, act(caller, one));
    const caught = await catchupReply(services, one);
    return {
      ...caught,
      text: `You are in ${referenceOf(one)}${one.channel_id === null ? '' : `; the channel is <#${one.channel_id}>`}. ${caught.text}`,
    };
  }),
  about(
    'subscribe',
    'subscribe <n>',
    'hear of it without taking part',
    'act',
    async (services, caller, one) => {
      await joinIncident(services, { ...act(caller, one), subscribeOnly: true });
      return {
        text: `You hear of ${referenceOf(one)} by direct message, in one message that is kept up to date. "Stop these" is on it.`,
        visibility: 'asker',
      };
    },
  ),
  about('catchup', 'catchup <n>', 'known, done, open, who: to you alone', 'read', (services, _caller, one) =>
    catchupReply(services, one),
  ),
  about(
    'review',
    'review <n>',
    'times, impact, timeline, causes, follow-ups',
    'read',
    (services, _caller, one) => reviewReply(services, one),
  ),
];
