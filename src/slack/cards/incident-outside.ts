import type { KnownBlock } from '@slack/types';
import { context, section } from '../blocks.js';
import { escapeMrkdwn, link, truncate } from '../mrkdwn.js';
import type { IncidentCardData } from './incident-data.js';

/** What went wrong, without what the other side wrote below it. */
function short(trouble: string): string {
  return escapeMrkdwn(truncate(trouble.split(': ')[0] ?? trouble, 120));
}

/** Pages that reached nobody, as sentences. */
export function unpagedWords({ outside }: IncidentCardData): string {
  return outside.pages
    .flatMap(({ pager, state, trouble }) =>
      trouble === null
        ? []
        : `The pager ${escapeMrkdwn(pager)} has rung nobody: ${short(trouble)}. ${state === 'failed' ? 'Nothing more is tried' : 'It is tried again'}; call whoever is on call, \`/steward oncall\` says who.`,
    )
    .join(' ');
}

function unticketedWords({ outside }: IncidentCardData): string[] {
  return outside.tickets.flatMap(({ tracker, trouble, name, givenUp }) =>
    name !== null || (trouble === null && !givenUp)
      ? []
      : `There is no ticket in ${escapeMrkdwn(tracker)} yet${trouble === null ? '' : `: ${short(trouble)}`}. ${givenUp ? 'Nothing more is tried; `/incident ticket` asks again' : 'It is tried again'}.`,
  );
}

const pageWords = { wanted: 'is being rung', sent: 'rung', acknowledged: 'acknowledged', resolved: 'ended' };

/** What other systems hold of it: which tickets, whether on-call was rung; and above that what did not get out. */
export function outsideSection(data: IncidentCardData): KnownBlock[] {
  const unpaged = unpagedWords(data);
  const troubles = [...(unpaged === '' ? [] : [unpaged]), ...unticketedWords(data)];
  const held = [
    ...data.outside.pages.flatMap(({ pager, state, trouble }) =>
      trouble !== null || state === 'failed' ? [] : `pager ${escapeMrkdwn(pager)}: ${pageWords[state]}`,
    ),
    ...data.outside.tickets.flatMap(({ tracker, task, name, url, trouble, givenUp }) => {
      const of = `${task === null ? 'ticket' : `ticket of task ${task}`}`;
      if (name === null)
        return trouble === null && !givenUp ? `${of} in ${escapeMrkdwn(tracker)} is being made` : [];
      return `${of} ${url === null ? escapeMrkdwn(name) : link(url, name)}`;
    }),
  ];
  return [
    ...(troubles.length === 0 ? [] : [section(`:warning: ${truncate(troubles.join('\n'), 1_500)}`)]),
    ...(held.length === 0 ? [] : [context(truncate(held.join(' · '), 1_500))]),
  ];
}
