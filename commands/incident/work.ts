import { InvalidInputError } from '../../src/errors.js';
import { addBrokenAssets } from '../../src/incidents/change-severity.js';
import { referenceOf } from '../../src/incidents/incident.js';
import { correctKeyTimes } from '../../src/incidents/key-times.js';
import { addLink } from '../../src/incidents/links.js';
import { page } from '../../src/incidents/paging.js';
import { assignRole, readRole } from '../../src/incidents/people.js';
import { openTicket } from '../../src/incidents/tickets.js';
import { addNote } from '../../src/incidents/timeline.js';
import { readMoment, readPerson } from '../../src/slack/cards/incident-words.js';
import { escapeMrkdwn, slackDate } from '../../src/slack/mrkdwn.js';
import type { Verb } from '../../src/slack/surface.js';
import { about, act, said } from './about.js';
import { namedAsset } from './named-asset.js';
import { task } from './task.js';

/** What people do while it lasts: roles, pages, tasks, links, what else is broken, notes. */
export const workVerbs: readonly Verb[] = [
  about(
    'update',
    'update <n> [what is wrong]',
    'one form, every audience gets its part',
    'read',
    async (_services, _caller, one, rest) => ({
      text: `The form for an update on ${referenceOf(one)}.`,
      modal: {
        callbackId: 'incident:update',
        params: { incident: one.id, ...(rest === '' ? {} : { wrong: rest.slice(0, 800) }) },
      },
      visibility: 'asker',
    }),
  ),
  {
    ...about(
      'role',
      'role <n> lead|comms|scribe [@person]',
      'takes or gives a role',
      'act',
      async (services, caller, one, rest) => {
        const [word = '', ...who] = rest.split(/\s+/);
        const role = readRole(word);
        if (role === null)
          throw new InvalidInputError(
            `Which role? \`role ${one.number} lead\`, \`comms\` or \`scribe\`. Nothing was changed.`,
          );
        const person = await readPerson(services, who.join(' '), caller.person);
        if (person === null)
          throw new InvalidInputError(
            'I do not know that person. Mention them with @, or write their e-mail address. Nothing was changed.',
          );
        await assignRole(services, { ...act(caller, one), role, personId: person.id });
        return said(`${escapeMrkdwn(person.name)} is ${role} of ${referenceOf(one)}.`);
      },
    ),
    aboutPeople: true,
  },
  about('page', 'page <n> [why]', 'pages whoever is on call', 'act', async (services, caller, one, rest) => {
    await page(services, { ...act(caller, one), reason: rest });
    return said(`On-call is being paged for ${referenceOf(one)}.`);
  }),
  {
    ...about(
      'task',
      'task <n> <what> | task <n> done <k> | task <n> followup <what> | task <n> give <k> @person by <day>',
      'tasks during, follow-ups after',
      'act',
      async (services, caller, one, rest) => task(services, caller, one, rest),
    ),
    aboutPeople: true,
  },
  about(
    'link',
    'link <n> <url> [title] | link <n> started <time>',
    'adds a link, or says since when the data is wrong',
    'act',
    async (services, caller, one, rest) => {
      const started = /^started\s+(.+)$/i.exec(rest)?.[1];
      if (started !== undefined) {
        const at = readMoment(started, caller.now, caller.person.timeZone ?? 'UTC');
        if (at === null)
          throw new InvalidInputError(
            'Write the time so: `started 2026-03-02 06:00` (your own time; add `UTC` where it is not) or `started 3h ago`. Nothing was changed.',
          );
        await correctKeyTimes(services, { ...act(caller, one), times: { started: at } });
        return said(`${referenceOf(one)}: the data is wrong since ${slackDate(at)}.`);
      }
      const [url = '', ...title] = rest.replace(/^<|>$/g, '').split(/[\s|]+/);
      await addLink(services, {
        ...act(caller, one),
        url: url.replace(/>$/, ''),
        title: title.join(' '),
      });
      return said(`Linked to ${referenceOf(one)}.`);
    },
  ),
  about(
    'asset',
    'asset <n> <name>',
    'this is broken too: walks the blast radius again',
    'act',
    async (services, caller, one, rest) => {
      const asset = namedAsset(services, caller, rest.trim(), 'Nothing was changed.');
      await addBrokenAssets(services, { ...act(caller, one), assetIds: [asset.id] });
      return said(
        `${escapeMrkdwn(asset.name)} is part of ${referenceOf(one)}; its blast radius was walked again.`,
      );
    },
  ),
  about(
    'ticket',
    'ticket <n> [task <k>] [tracker]',
    'a ticket in the tracker',
    'act',
    async (services, caller, one, rest) => {
      const { number, tracker = '' } =
        /^(?:(?:task|follow-?up)\s+(?<number>\d{1,6})\b)?\s*(?<tracker>.*)$/is.exec(rest)?.groups ?? {};
      await openTicket(services, {
        ...act(caller, one),
        ...(number === undefined ? {} : { taskNumber: Number(number) }),
        ...(tracker.trim() === '' ? {} : { tracker: tracker.trim() }),
      });
      return said(
        `A ticket for ${number === undefined ? '' : `task ${number} of `}${referenceOf(one)} is being made. From then on they follow each other.`,
      );
    },
  ),
  about(
    'timeline',
    'timeline <n>',
    'puts the timeline and the key times right, before the review',
    'read',
    async (_services, _caller, one) => ({
      text: `The timeline of ${referenceOf(one)}, to be put right.`,
      modal: { callbackId: 'incident:timeline', params: { incident: one.id } },
      visibility: 'asker',
    }),
  ),
  about(
    'note',
    'note <n> <what happened>',
    'one line of the timeline',
    'act',
    async (services, caller, one, rest) => {
      await addNote(services, { ...act(caller, one), text: rest });
      return said(`Noted in ${referenceOf(one)}.`);
    },
  ),
];
