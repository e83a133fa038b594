import type { KnownBlock } from '@slack/types';
import type { Answer } from '../../answers/answer-types.js';
import { context, section } from '../blocks.js';
import { escapeMrkdwn, link, slackDate, truncate } from '../mrkdwn.js';

/** Of at most 220 characters and a date each, so that a section holds them. */
const eventsPerSection = 8;
const eventsAtMost = 40;

/** What touched it, newest first, a line each; then how many more there are, and what was not looked at. */
export function eventBlocks({
  events = [],
  eventsFrom,
  notLookedAt,
  text: all,
}: Pick<Answer, 'events' | 'eventsFrom' | 'notLookedAt' | 'text'>): KnownBlock[] {
  if (events.length === 0) return [section(escapeMrkdwn(all))];
  const lines = events.slice(0, eventsAtMost).map(({ at, url, text }) => {
    const words = truncate(text, 220);
    return `• ${slackDate(new Date(at))} ${url ? link(url, words) : escapeMrkdwn(words)}`;
  });
  const older = events.length - lines.length;
  const notes = [
    ...(older === 0
      ? []
      : [`The newest ${lines.length} are shown; ${older} older ${older === 1 ? 'one is' : 'ones are'} not.`]),
    ...(notLookedAt === undefined ? [] : [notLookedAt]),
  ];
  const pages = Array.from({ length: Math.ceil(lines.length / eventsPerSection) }, (_, page) =>
    section(lines.slice(page * eventsPerSection, (page + 1) * eventsPerSection).join('\n')),
  );
  // The day as it was asked for: in the reader's own zone it would be the evening before for some.
  const since = eventsFrom === undefined ? '' : ` since ${eventsFrom.toISOString().slice(0, 10)}`;
  const opening = context(`What touched it or what it is built from${since}, newest first.`);
  return [opening, ...pages, ...(notes.length === 0 ? [] : [context(escapeMrkdwn(notes.join(' ')))])];
}
