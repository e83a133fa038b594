import { InvalidInputError } from '../src/errors.js';
import { addBrokenAssets, changeSeverity, makePrivate } from '../src/incidents/change-severity.js';
import { handoffOf } from '../src/incidents/handoff.js';
import {
  type Incident,
  incidentByNumber,
  listIncidents,
  readNumber,
  referenceOf,
} from '../src/incidents/incident.js';
import {
  acceptIncident,
  acknowledge,
  cancel,
  declineIncident,
  identify,
  mergeIncident,
  mitigate,
  reopen,
  resolve,
} from '../src/incidents/life.js';
import { addLink } from '../src/incidents/links.js';
import { endMute, liveMutes, mute } from '../src/incidents/mute.js';
import { page } from '../src/incidents/paging.js';
import { assignRole, joinIncident, readRole } from '../src/incidents/people.js';
import { statisticsOf } from '../src/incidents/report/statistics.js';
import { severityById } from '../src/incidents/severity.js';
import { addTask, changeTask } from '../src/incidents/tasks.js';
import { openTicket } from '../src/incidents/tickets.js';
import { addNote } from '../src/incidents/timeline.js';
import type { Services } from '../src/services.js';
import { actions, context, section } from '../src/slack/blocks.js';
import {
  catchupReply,
  reviewReply,
  showReply,
  statisticsReply,
} from '../src/slack/cards/incident-replies.js';
import { listReply, targetOf } from '../src/slack/cards/incident-target.js';
import { readMoment, readMute, readPerson } from '../src/slack/cards/incident-words.js';
import { escapeMrkdwn, slackDate } from '../src/slack/mrkdwn.js';
import type { Caller, CommandModule, Reply, Verb } from '../src/slack/surface.js';

const states = {
  open: ['triage', 'investigating', 'identified', 'monitoring', 'resolved'],
  triage: ['triage'],
  closed: ['closed', 'declined', 'cancelled', 'merged'],
} as const;

type About = (services: Services, caller: Caller, incident: Incident, rest: string) => Promise<Reply>;

/** A verb about one incident: its number, or the channel's own. */
function about(name: string, usage: string, summary: string, mode: Verb['mode'], run: About): Verb {
  return {
    name,
    usage,
    summary,
    mode,
    run: async (services, caller, words) => {
      const target = await targetOf(services, caller, words, usage);
      return 'reply' in target ? target.reply : run(services, caller, target.incident, target.rest.trim());
    },
  };
}

const act = (caller: Caller, incident: Incident) => ({
  incidentId: incident.id,
  actor: caller.actor,
  now: caller.now,
});
const said = (text: string): Reply => ({ text, visibility: 'place' });
const stateWords = (incident: Incident): string =>
  `${referenceOf(incident)} is ${incident.state}: ${escapeMrkdwn(incident.title)}`;

/** `/incident`: declare, run and learn from data incidents. */
export const incident: CommandModule = {
  name: 'incident',
  summary: 'Declare a data incident in seconds, see what it reaches, run it, and keep what was learned.',
  usageHint: 'declare [title] | list | show <n> | ack | update | resolve | help',
  verbs: [
    {
      name: 'declare',
      usage: 'declare [title]',
      summary: 'opens a form in which everything is optional',
      mode: 'read',
      run: async (_services, caller, rest) => ({
        text: 'The form for declaring an incident. Everything in it may stay empty.',
        modal: {
          callbackId: 'incident:declare',
          params: { title: rest.trim().slice(0, 150), channel: caller.channel?.id ?? '' },
        },
        visibility: 'asker',
      }),
    },
    {
      name: 'list',
      usage: 'list [open|triage|closed|all|words]',
      summary: 'incidents you can see, newest first',
      mode: 'read',
      run: async (services, caller, rest) => {
        const word = rest.trim().toLowerCase();
        const known =
          word === 'triage' || word === 'closed' || word === 'open'
            ? states[word]
            : word === 'all'
              ? [...states.open, ...states.closed]
              : states.open;
        const isFilter = ['', 'open', 'triage', 'closed', 'all'].includes(word);
        const found = await listIncidents(services, caller.person, {
          states: isFilter ? known : [...states.open, ...states.closed],
          ...(isFilter ? {} : { text: rest.trim() }),
        });
        const mutes = word === '' || word === 'open' ? await liveMutes(services.db, caller.now) : [];
        const reply = listReply(
          services,
          found,
          `${found.length} incident${found.length === 1 ? '' : 's'}${isFilter && word !== '' ? ` (${word})` : ''}`,
          isFilter
            ? 'No incident is open. Good.'
            : `No incident with "${escapeMrkdwn(rest.trim().slice(0, 60))}" in its title.`,
        );
        if (mutes.length === 0) return reply;
        const lines = mutes.map(
          (one) => `${escapeMrkdwn(one.label)} until ${slackDate(one.until)}: ${escapeMrkdwn(one.reason)}`,
        );
        return {
          ...reply,
          text: `${reply.text} Muted: ${lines.join('; ')}.`,
          blocks: [...(reply.blocks ?? []), context(`:mute: Muted: ${lines.join(' · ')}`)],
        };
      },
    },
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
    about(
      'merge',
      'merge <n> into <m>',
      'two incidents, one cause',
      'act',
      async (services, caller, one, rest) => {
        const into = readNumber(rest.replace(/^into\s+/i, ''));
        if (into === null)
          throw new InvalidInputError(
            `Into which one? \`merge ${one.number} into 12\`. Nothing was changed.`,
          );
        const other = await incidentByNumber(services, caller.person, into);
        await mergeIncident(services, { ...act(caller, one), intoId: other.id });
        return said(
          `${referenceOf(one)} went into ${referenceOf(other)}: its alerts, assets and people are there now.`,
        );
      },
    ),
    about(
      'accept',
      'accept <n>',
      'out of triage: it gets its channel, pages and notices',
      'act',
      async (services, caller, one) => said(stateWords(await acceptIncident(services, act(caller, one)))),
    ),
    about(
      'decline',
      'decline <n> [why]',
      'out of triage: no incident',
      'act',
      async (services, caller, one, rest) =>
        said(stateWords(await declineIncident(services, { ...act(caller, one), reason: rest }))),
    ),
    about('ack', 'ack <n>', 'you are on it', 'act', async (services, caller, one) =>
      said(
        `${referenceOf(await acknowledge(services, act(caller, one)))} acknowledged by ${escapeMrkdwn(caller.person.name)}.`,
      ),
    ),
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
    about(
      'severity',
      'severity <n> <severity> [why]',
      'plans people, pages and cadence anew',
      'act',
      async (services, caller, one, rest) => {
        const [word = '', ...why] = rest.split(/\s+/);
        if (word === '')
          throw new InvalidInputError(
            `${referenceOf(one)} is ${severityById(services.config, one.severity).name}. Name another: ${services.config.incidents.severities.map(({ id }) => id).join(', ')}.`,
          );
        const changed = await changeSeverity(services, {
          ...act(caller, one),
          severity: word,
          reason: why.join(' '),
        });
        return said(
          `${referenceOf(changed)} is now ${severityById(services.config, changed.severity).name}.`,
        );
      },
    ),
    about(
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
    about(
      'page',
      'page <n> [why]',
      'pages whoever is on call',
      'act',
      async (services, caller, one, rest) => {
        await page(services, { ...act(caller, one), reason: rest });
        return said(`On-call is being paged for ${referenceOf(one)}.`);
      },
    ),
    about(
      'task',
      'task <n> <what> | task <n> done <k> | task <n> followup <what>',
      'tasks during, follow-ups after',
      'act',
      async (services, caller, one, rest) => task(services, caller, one, rest),
    ),
    about(
      'link',
      'link <n> <url> [title] | link <n> started <time>',
      'adds a link, or says since when the data is wrong',
      'act',
      async (services, caller, one, rest) => {
        const started = /^started\s+(.+)$/i.exec(rest)?.[1];
        if (started !== undefined) {
          const at = readMoment(started, caller.now);
          if (at === null)
            throw new InvalidInputError(
              'Write the time so: `started 2026-03-02 06:00` (UTC) or `started 3h ago`. Nothing was changed.',
            );
          await addLink.started(services, { ...act(caller, one), at });
          return said(`${referenceOf(one)}: the data is wrong since ${slackDate(at)}.`);
        }
        const [url = '', ...title] = rest.replace(/^<|>$/g, '').split(/[\s|]+/);
        await addLink.url(services, {
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
        const wanted = rest.trim();
        const found = services.catalog
          .current()
          .view.resolve(wanted, { kinds: ['model', 'source', 'metric', 'exposure', 'pipeline'] });
        const [asset] = found;
        if (asset === undefined)
          throw new InvalidInputError(
            `I know no asset called "${wanted.slice(0, 60)}". Nothing was changed.`,
          );
        if (found.length > 1) {
          throw new InvalidInputError(
            `"${wanted.slice(0, 60)}" may be ${found
              .slice(0, 5)
              .map(({ sourceId }) => sourceId)
              .join(' or ')}. Write one of these. Nothing was changed.`,
          );
        }
        await addBrokenAssets(services, { ...act(caller, one), assetIds: [asset.id] });
        return said(
          `${escapeMrkdwn(asset.name)} is part of ${referenceOf(one)}; its blast radius was walked again.`,
        );
      },
    ),
    about(
      'ticket',
      'ticket <n> [tracker]',
      'a ticket in the tracker',
      'act',
      async (services, caller, one, rest) => {
        await openTicket(services, { ...act(caller, one), ...(rest === '' ? {} : { tracker: rest }) });
        return said(`A ticket for ${referenceOf(one)} is being made.`);
      },
    ),
    about(
      'identify',
      'identify <n> [cause]',
      'the cause is known',
      'act',
      async (services, caller, one, rest) =>
        said(stateWords(await identify(services, { ...act(caller, one), cause: rest }))),
    ),
    about(
      'mitigate',
      'mitigate <n> [what fixed it]',
      'the fix is out; watched until the data stays healthy',
      'act',
      async (services, caller, one, rest) =>
        said(stateWords(await mitigate(services, { ...act(caller, one), fixedBy: rest }))),
    ),
    about(
      'resolve',
      'resolve <n> [what fixed it]',
      'it is over; the banners go',
      'act',
      async (services, caller, one, rest) =>
        said(stateWords(await resolve(services, { ...act(caller, one), fixedBy: rest }))),
    ),
    about('reopen', 'reopen <n> <why>', 'it is not over', 'act', async (services, caller, one, rest) =>
      said(stateWords(await reopen(services, { ...act(caller, one), reason: rest }))),
    ),
    about(
      'close',
      'close <n>',
      'asks for what is still missing, then closes',
      'read',
      async (_services, _caller, one) => ({
        text: `The form for closing ${referenceOf(one)}.`,
        modal: { callbackId: 'incident:close', params: { incident: one.id } },
        visibility: 'asker',
      }),
    ),
    about('cancel', 'cancel <n> [why]', 'no incident after all', 'act', async (services, caller, one, rest) =>
      said(stateWords(await cancel(services, { ...act(caller, one), reason: rest }))),
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
    about('private', 'private <n>', 'members only from now on', 'act', async (services, caller, one) => {
      await makePrivate(services, act(caller, one));
      return { text: `${referenceOf(one)} is seen by its members only from now on.`, visibility: 'asker' };
    }),
    about(
      'catchup',
      'catchup <n>',
      'known, done, open, who: to you alone',
      'read',
      (services, _caller, one) => catchupReply(services, one),
    ),
    {
      name: 'mute',
      usage: 'mute <asset> for <time> because <why> | mute list | mute end <k>',
      summary: 'silences alerts of one asset for a while',
      mode: 'act',
      run: muteVerb,
    },
    about(
      'review',
      'review <n>',
      'times, impact, timeline, causes, follow-ups',
      'read',
      (services, _caller, one) => reviewReply(services, one),
    ),
    {
      name: 'stats',
      usage: 'stats [days]',
      summary: 'time to detect, acknowledge and resolve',
      mode: 'read',
      accepts: (rest) => /^\s*\d{0,4}\s*$/.test(rest),
      run: async (services, caller, rest) => {
        const days = Math.min(730, Math.max(1, Number(rest.trim() || '90')));
        const numbers = await statisticsOf(services, {
          from: new Date(caller.now.getTime() - days * 86_400_000),
          to: new Date(caller.now.getTime() + 1_000),
        });
        return statisticsReply(numbers, days);
      },
    },
    {
      name: 'handoff',
      usage: 'handoff',
      summary: 'what the next on-call takes over',
      mode: 'read',
      run: async (services, caller) => {
        const over = await handoffOf(services, caller.now);
        const lines = [
          ...over.incidents.map(
            (one) => `INC-${one.number} ${one.severity} ${one.state}: ${escapeMrkdwn(one.title)}`,
          ),
          ...(over.triage > 0 ? [`${over.triage} in triage`] : []),
          ...over.mutes.map(
            (one) =>
              `muted ${escapeMrkdwn(one.label)} until ${slackDate(one.until)}: ${escapeMrkdwn(one.reason)}`,
          ),
          ...over.followUps.map(
            (one) =>
              `follow-up of INC-${one.number}: ${escapeMrkdwn(one.title)}${one.dueAt === null ? '' : `, due ${slackDate(one.dueAt, '{date_short_pretty}')}`}`,
          ),
        ];
        const text =
          lines.length === 0
            ? 'Nothing to take over: no open incident, no mute, no follow-up due this week.'
            : `To take over: ${lines.join('; ')}.`;
        return {
          text,
          blocks: [
            section(
              lines.length === 0 ? text : `*To take over*\n${lines.map((line) => `• ${line}`).join('\n')}`,
            ),
          ],
          visibility: 'asker',
          shareable: true,
        };
      },
    },
  ],
  otherwise: {
    mode: 'read',
    run: async (services, caller, rest) => {
      const number = readNumber(rest);
      if (number !== null)
        return showReply(services, caller, await incidentByNumber(services, caller.person, number));
      const word = escapeMrkdwn(rest.split(/\s+/)[0]?.slice(0, 40) ?? '');
      const text = `\`${word}\` is nothing I know here; nothing was changed. \`${services.config.slack.commands.incident} help\` lists the words; to declare an incident with that title press the button.`;
      return {
        text,
        blocks: [
          section(text),
          actions([{ text: 'Declare an incident', actionId: 'incident:declare', value: 'new' }]),
        ],
        visibility: 'asker',
      };
    },
  },
  phrases: [
    {
      pattern:
        /^(?:declare|open|start|raise|report)\s+(?:an?\s+|new\s+)*incident\b[\s:,-]*(?<rest>[\s\S]*)$/i,
      verb: 'declare',
    },
    {
      pattern: /^(?:what(?:'s| is| are)?\s+)?(?:the\s+)?(?:open|current|active)\s+incidents\??$/i,
      verb: 'list',
    },
  ],
};

async function task(services: Services, caller: Caller, one: Incident, rest: string): Promise<Reply> {
  const done = /^(done|drop|open)\s+(\d+)\s*$/i.exec(rest);
  if (done?.[1] !== undefined && done[2] !== undefined) {
    const state =
      done[1].toLowerCase() === 'done' ? 'done' : done[1].toLowerCase() === 'drop' ? 'dropped' : 'open';
    await changeTask(services, { ...act(caller, one), number: Number(done[2]), state });
    return said(`Task ${done[2]} of ${referenceOf(one)} is ${state}.`);
  }
  const typed = /^(rollback|hotfix|backfill)\s*[:-]?\s+([\s\S]+)$/i.exec(rest);
  const follow = /^follow-?up\s*[:-]?\s+([\s\S]+)$/i.exec(rest)?.[1];
  const words = typed?.[2] ?? follow ?? rest;
  const mentioned = /(<@[UW][A-Z0-9]+(?:\|[^>]*)?>)/.exec(words)?.[1];
  const owner = mentioned === undefined ? null : await readPerson(services, mentioned, caller.person);
  const due = /\b(?:due|by)\s+(\d{4}-\d\d-\d\d)\b/i.exec(words)?.[1];
  const title = words
    .replace(mentioned ?? '\u0000', '')
    .replace(/\b(?:due|by)\s+\d{4}-\d\d-\d\d\b/i, '')
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
    ...(due === undefined ? {} : { dueAt: new Date(`${due}T12:00:00Z`) }),
    ...(url === undefined ? {} : { link: url }),
  });
  return said(
    `${typed ? `${typed[1] ?? 'Action'} noted` : follow === undefined ? `Task ${number}` : `Follow-up ${number}`} in ${referenceOf(one)}: ${escapeMrkdwn(title)}${owner === null ? '' : ` (${escapeMrkdwn(owner.name)})`}.`,
  );
}

async function muteVerb(services: Services, caller: Caller, rest: string): Promise<Reply> {
  const live = await liveMutes(services.db, caller.now);
  if (/^(list)?\s*$/i.test(rest)) {
    const lines = live.map(
      (one, index) =>
        `${index + 1}. ${escapeMrkdwn(one.label)} until ${slackDate(one.until)}: ${escapeMrkdwn(one.reason)}`,
    );
    return {
      text:
        lines.length === 0
          ? 'Nothing is muted. `mute orders for 2h because …` silences the alerts of one asset.'
          : `Muted: ${lines.join('; ')}.`,
      visibility: 'asker',
    };
  }
  const ending = /^end\s+(\d+)\s*$/i.exec(rest)?.[1];
  if (ending !== undefined) {
    const one = live[Number(ending) - 1];
    if (one === undefined)
      throw new InvalidInputError('There is no such mute; `mute list` numbers them. Nothing was changed.');
    await endMute(services, { actor: caller.actor, now: caller.now, muteId: one.id });
    return said(`Alerts of ${escapeMrkdwn(one.label)} are heard again.`);
  }
  const wish = readMute(rest, caller.now);
  const found = services.catalog
    .current()
    .view.resolve(wish.subject, { kinds: ['model', 'source', 'metric', 'exposure', 'pipeline'] });
  const [asset] = found;
  if (asset === undefined || found.length > 1) {
    throw new InvalidInputError(
      found.length === 0
        ? `I know no asset called "${wish.subject.slice(0, 60)}". \`/metric list\` shows the names. Nothing was muted.`
        : `"${wish.subject.slice(0, 60)}" may be ${found
            .slice(0, 5)
            .map(({ sourceId }) => sourceId)
            .join(' or ')}. Write one of these. Nothing was muted.`,
    );
  }
  await mute(services, {
    actor: caller.actor,
    now: caller.now,
    assetId: asset.id,
    label: asset.name,
    reason: wish.reason,
    until: wish.until,
  });
  return said(
    `Alerts of ${escapeMrkdwn(asset.name)} are muted until ${slackDate(wish.until)}. They are still counted, and \`mute list\` shows it.`,
  );
}
