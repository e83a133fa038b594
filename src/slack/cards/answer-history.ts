import type { KnownBlock } from '@slack/types';
import type { ToldHistory } from '../../answers/answer-types.js';
import { context, section } from '../blocks.js';
import { escapeMrkdwn, link, truncate } from '../mrkdwn.js';

/** A version a section, with the way to its release note and to the thread in which it was decided. */
export function historyBlocks({ opening, versions, rest }: ToldHistory): KnownBlock[] {
  return [
    section(escapeMrkdwn(truncate(opening, 2_900))),
    ...versions.map(({ text, announcementUrl, threadUrl, pullRequestUrl, commitUrl }) => {
      const links = [
        ...(announcementUrl === undefined ? [] : [link(announcementUrl, 'Release note')]),
        ...(threadUrl === undefined ? [] : [link(threadUrl, 'Decision log')]),
        ...(pullRequestUrl === undefined ? [] : [link(pullRequestUrl, 'Pull request')]),
        ...(commitUrl === undefined ? [] : [link(commitUrl, 'Commit')]),
      ];
      const words = `• ${escapeMrkdwn(truncate(text, 2_400))}`;
      return section(links.length === 0 ? words : `${words}\n${links.join(' · ')}`);
    }),
    ...(rest === '' ? [] : [context(escapeMrkdwn(rest))]),
  ];
}
