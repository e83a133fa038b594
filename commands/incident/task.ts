import { type Incident, referenceOf } from '../../src/incidents/incident.js';
import { addTask, changeTask } from '../../src/incidents/tasks.js';
import type { Services } from '../../src/services.js';
import { readPerson, takeDue } from '../../src/slack/cards/incident-words.js';
import { escapeMrkdwn, slackDate } from '../../src/slack/mrkdwn.js';
import { plainWords } from '../../src/slack/plain-words.js';
import type { Caller, Reply } from '../../src/slack/surface.js';
import { act, said } from './about.js';

/** `task <n> …`: adds a task, a follow-up or a typed action, or changes one. */
export async function task(services: Services, caller: Caller, one: Incident, rest: string): Promise<Reply> {
  const done = /^(done|drop|open)\s+(\d+)\s*$/i.exec(rest);
  if (done?.[1] !== undefined && done[2] !== undefined) {
    const state =
      done[1].toLowerCase() === 'done' ? 'done' : done[1].toLowerCase() === 'drop' ? 'dropped' : 'open';
    await changeTask(services, { ...act(caller, one), number: Number(done[2]), state });
    return said(`Task ${done[2]} of ${referenceOf(one)} is ${state}.`);
  }
  const given = await readGiven(services, caller, rest);
  if (given !== null) {
    const changed = await changeTask(services, { ...act(caller, one), ...given.change });
    return said(
      `${given.change.kind === undefined ? 'Task' : 'Follow-up'} ${given.change.number} of ${referenceOf(changed)}${given.words}.`,
    );
  }
  const typed = /^(rollback|hotfix|backfill)\s*[:-]?\s+([\s\S]+)$/i.exec(rest);
  const follow = /^follow-?up\s*[:-]?\s+([\s\S]+)$/i.exec(rest)?.[1];
  const words = typed?.[2] ?? follow ?? rest;
  const mentioned = /(<@[UW][A-Z0-9]+(?:\|[^>]*)?>)/.exec(words)?.[1];
  const owner = mentioned === undefined ? null : await readPerson(services, mentioned, caller.person);
  const unowned = await plainWords(services, words.replace(mentioned ?? '\u0000', ''));
  const { rest: undated, due } = takeDue(unowned, caller.now, caller.person.timeZone ?? undefined);
  const title = undated
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ (?=[,.;:])/g, '')
    .trim();
  const url = /https?:\/\/[^\s>|]+/.exec(words)?.[0];
  const { number } = await addTask(services, {
    ...act(caller, one),
    kind: typed ? 'action' : follow === undefined ? 'task' : 'follow_up',
    title,
    ...(typed?.[1] === undefined
      ? {}
      : {
          action:
            typed[1].toLowerCase() === 'rollback'
              ? ('rollback' as const)
              : typed[1].toLowerCase() === 'hotfix'
                ? ('hotfix' as const)
                : ('backfill' as const),
          done: true,
        }),
    ...(owner === null ? {} : { ownerId: owner.id }),
    ...(due === null ? {} : { dueAt: due }),
    ...(url === undefined ? {} : { link: url }),
  });
  return said(
    `${typed ? `${typed[1] ?? 'Action'} noted` : follow === undefined ? `Task ${number}` : `Follow-up ${number}`} in ${referenceOf(one)}: ${escapeMrkdwn(title)}${owner === null ? '' : ` (${escapeMrkdwn(owner.name)})`}${due === null ? '' : `, due ${slackDate(due, '{date_short_pretty}')}`}.`,
  );
}

/** `give 3 @ana by friday`, `followup 3`: somebody, a day or both for what is there already; null where the words are a task of their own. */
async function readGiven(services: Services, caller: Caller, rest: string) {
  const [, verb = '', number = '', more = ''] =
    /^(give|follow-?up)\s+(\d{1,6})\b\s*([\s\S]*)$/i.exec(rest) ?? [];
  if (number === '') return null;
  const mentioned = /(<@[UW][A-Z0-9]+(?:\|[^>]*)?>)/.exec(more)?.[1];
  const { rest: left, due } = takeDue(
    more.replace(mentioned ?? '\u0000', ''),
    caller.now,
    caller.person.timeZone ?? undefined,
  );
  const owner = mentioned === undefined ? null : await readPerson(services, mentioned, caller.person);
  const follow = verb.toLowerCase() !== 'give';
  if (!/^\s*(?:to\s*)?$/i.test(left) || (!follow && owner === null && due === null)) return null;
  return {
    change: {
      number: Number(number),
      ...(follow ? { kind: 'follow_up' as const } : {}),
      ...(owner === null ? {} : { ownerId: owner.id }),
      ...(due === null ? {} : { dueAt: due }),
    },
    words: `${owner === null ? '' : ` is for ${escapeMrkdwn(owner.name)}`}${due === null ? '' : `, due ${slackDate(due, '{date_short_pretty}')}`}`,
  };
}
