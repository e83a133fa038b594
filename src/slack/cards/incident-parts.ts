import type { KnownBlock } from '@slack/types';
import { countWords } from '../../incidents/blast/walk.js';
import { worstOf } from '../../incidents/grouping/worst.js';
import { isSilent } from '../../incidents/health.js';
import { type Incident, referenceOf } from '../../incidents/incident.js';
import { byImportance } from '../../incidents/report/summary.js';
import { durationWords, listOf } from '../../incidents/report/words.js';
import { severityById } from '../../incidents/severity.js';
import { isOver } from '../../incidents/transitions.js';
import type { Services } from '../../services.js';
import { context, fields, section } from '../blocks.js';
import { escapeMrkdwn, escapeWithTimes, mention, slackDate, truncate } from '../mrkdwn.js';
import type { IncidentCardData } from './incident-data.js';

const marks: Record<Incident['state'], string> = {
  triage: ':grey_question:',
  investigating: ':red_circle:',
  identified: ':large_orange_circle:',
  monitoring: ':large_yellow_circle:',
  resolved: ':large_green_circle:',
  closed: ':white_check_mark:',
  declined: ':heavy_minus_sign:',
  cancelled: ':heavy_minus_sign:',
  merged: ':twisted_rightwards_arrows:',
};

/** A mark and the word it stands for: meaning is never carried by colour alone. */
export function stateMark(state: Incident['state']): string {
  return `${marks[state]} ${state}`;
}

/** `INC-12 · Sev 1 · investigating · title`, escaped. */
export function headline(services: Services, incident: Incident): string {
  const severity = severityById(services.config, incident.severity).name;
  const drill = incident.drill ? ' · drill' : '';
  return `${marks[incident.state]} *${referenceOf(incident)}* · ${escapeMrkdwn(severity)} · ${incident.state}${drill} · ${escapeMrkdwn(incident.title)}`;
}

/** What the card's title does not say: severity, state, drill. */
export function statusLine(services: Services, incident: Incident): string {
  const severity = severityById(services.config, incident.severity).name;
  return `${stateMark(incident.state)} · *${escapeMrkdwn(severity)}*${incident.drill ? ' · drill, only practice' : ''}`;
}

/** The same in plain words, for `text`. */
export function plainHeadline(services: Services, incident: Incident): string {
  return `${referenceOf(incident)}, ${severityById(services.config, incident.severity).name}, ${incident.state}${incident.drill ? ', drill' : ''}: ${escapeMrkdwn(incident.title)}`;
}

export function radiusWords(data: IncidentCardData): string {
  const broken = data.assets.filter(({ relation }) => relation === 'direct');
  const names = listOf(
    broken.map(({ name }) => name),
    5,
  );
  const radius = data.assets.map(({ kind, relation }) => ({
    kind: kind as Parameters<typeof countWords>[0][number]['kind'],
    relation,
  }));
  return `Broken: ${names || 'nothing named yet'}. Downstream: ${countWords(radius)}.`;
}

export function radiusSection(data: IncidentCardData): KnownBlock {
  const broken = data.assets.filter(({ relation }) => relation === 'direct');
  const affected = byImportance(
    data.assets.filter(({ relation, tier }) => relation === 'downstream' && (tier ?? 99) <= 2),
  );
  const owners = [...new Set(data.owners.map(mention))];
  const line = (names: readonly string[], most: number): string =>
    truncate(listOf(names.map(escapeMrkdwn), most), 900);
  return section(
    [
      `*Broken* ${
        line(
          broken.map(({ name }) => name),
          6,
        ) || 'nothing named yet'
      }${owners.length === 0 ? '' : `, owned by ${listOf(owners, 4)}`}`,
      `*Also affected* ${countWords(data.assets.map(({ kind, relation }) => ({ kind: kind as 'model', relation })))}`,
      ...(affected.length === 0
        ? []
        : [
            `*Most important* ${line(
              affected.map(({ name, kind, tier }) => `${name} (${kind}, tier ${tier})`),
              6,
            )}`,
          ]),
    ].join('\n'),
  );
}

export function updateSection({ update, incident }: IncidentCardData): KnownBlock[] {
  if (update === null) return [];
  // What was said while it was open is not true any more: no "do not use", no promise.
  if (isPast(incident)) return [section(`*${pastWord(incident)}* ${escapeWithTimes(update.wrong)}`)];
  const lines = [`*What is wrong* ${escapeWithTimes(update.wrong)}`];
  if (update.do_not_use !== null) lines.push(`*Do not use* ${escapeWithTimes(update.do_not_use)}`);
  if (update.use_instead !== null) lines.push(`*Use instead* ${escapeWithTimes(update.use_instead)}`);
  if (update.eta !== null) lines.push(`*Expected to be right* ${slackDate(update.eta)}`);
  if (update.next_update_at !== null) lines.push(`*Next update* ${slackDate(update.next_update_at)}`);
  return [section(lines.join('\n'))];
}

/** It was worked on and is not any more. */
export function isPast({ state }: Pick<Incident, 'state'>): boolean {
  return state === 'resolved' || isOver(state);
}

function pastWord({ state }: Incident): string {
  return state === 'resolved' || state === 'closed' ? 'What was wrong' : 'What was said before';
}

/** Ends as a sentence does, however people ended it. */
export function sentence(text: string): string {
  return /[.!?…]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`;
}

/** The newest update for a card's `text`, in the tense that its state asks for: all that its blocks say of it. */
export function updateWords({ update, incident }: IncidentCardData): string {
  if (update === null) return '';
  if (isPast(incident)) return ` ${pastWord(incident)}: ${escapeWithTimes(update.wrong)}`;
  return ` ${updateSentences(update).join(' ')}`;
}

/** What is wrong, what not to use, what instead, and by when. */
export function updateSentences(
  update: Pick<NonNullable<IncidentCardData['update']>, 'wrong' | 'do_not_use' | 'use_instead' | 'eta'>,
): string[] {
  return [
    sentence(escapeWithTimes(update.wrong)),
    ...(update.do_not_use
      ? [sentence(`Do not use: ${escapeWithTimes(truncate(update.do_not_use, 800))}`)]
      : []),
    ...(update.use_instead ? [sentence(`Use instead: ${escapeWithTimes(update.use_instead)}`)] : []),
    ...(update.eta ? [`Expected to be right ${slackDate(update.eta)}.`] : []),
  ];
}

/** While it is watched: when it closes by itself, or what keeps it open. */
export function watchLine(services: Services, data: IncidentCardData): KnownBlock[] {
  if (data.health === null) return [];
  const { ill, since, lastIllAt } = data.health;
  const { closeAfterHealthy } = services.config.incidents.monitoring;
  const long = durationWords(Math.round(closeAfterHealthy / 1_000));
  if (ill.length === 0)
    return [
      context(
        `:eyes: All well since ${slackDate(since)}: resolves by itself ${slackDate(new Date(since.getTime() + closeAfterHealthy))} if it stays so`,
      ),
    ];
  const shown = new Set(data.assets.map(({ asset_id }) => asset_id));
  const words = ill.map((one) =>
    one.assetId === null || shown.has(one.assetId)
      ? one.words
      : 'a check of data that not everybody may know of fails',
  );
  const what = `:eyes: Not well yet: ${escapeMrkdwn(truncate([...new Set(words)].slice(0, 4).join(', '), 500))}.`;
  return [
    context(
      lastIllAt !== null && isSilent(services, lastIllAt, services.clock.now())
        ? `${what} Nothing more was heard of it since ${slackDate(lastIllAt)}: where its source never says that it is well again, resolve it by hand`
        : `${what} Once that has passed and all stays well for ${long} it resolves by itself`,
    ),
  ];
}

export function roleFields(data: IncidentCardData): KnownBlock {
  const of = (role: string): string => {
    const held = data.roles.find((one) => one.role === role);
    return `*${role}* ${held === undefined ? '_nobody yet_' : mention(held)}`;
  };
  const { incident } = data;
  return fields([
    of('lead'),
    of('comms'),
    of('scribe'),
    `*declared* ${incident.declared_at === null ? '-' : slackDate(incident.declared_at)}`,
    `*acknowledged* ${incident.acknowledged_at === null ? '_not yet_' : slackDate(incident.acknowledged_at)}`,
    `*data wrong since* ${incident.started_at === null ? '_not known_' : slackDate(incident.started_at)}`,
  ]);
}

/** How bad the alerts say it is: those that still fire, all where none does; null where it is not known. */
export function alertsSay({ groups }: IncidentCardData): string | null {
  const firing = groups.filter(({ status }) => status === 'firing');
  return worstOf((firing.length > 0 ? firing : groups).map(({ severity }) => severity));
}

export function alertLine(data: IncidentCardData): KnownBlock[] {
  if (data.groups.length === 0) return [];
  const total = data.groups.reduce((sum, { alerts }) => sum + alerts, 0);
  const flaps = Math.max(...data.groups.map((group) => group.flaps));
  const recovered = data.groups.every(({ status }) => status === 'recovered');
  const says = recovered ? null : alertsSay(data);
  return [
    context(
      `${recovered ? ':large_green_circle: all recovered' : ':red_circle: firing'}${says === null ? '' : ` · ${says}`} · ${total} alert${total === 1 ? '' : 's'}${flaps > 0 ? ` · flapped ${flaps} times` : ''} · ${escapeMrkdwn(data.groups[0]?.because ?? '')}`,
    ),
  ];
}

/** Who is shut out of the exposed data, and what the warehouse says of it. */
export function suspensionSection(data: IncidentCardData): KnownBlock[] {
  const lines = data.suspended.map((one) => {
    const confirmed =
      one.grants === 0
        ? 'nobody had a grant; none is given until it is lifted'
        : `${one.confirmed} of ${one.grants} shut out, as the warehouse confirms`;
    const still = one.stillIn.length === 0 ? '' : `; still in: ${one.stillIn.join('; ')}`;
    return `:lock: *Suspended* ${escapeMrkdwn(truncate(`${one.assetName}: ${confirmed}${still}`, 600))}`;
  });
  return lines.length === 0 ? [] : [section(lines.join('\n'))];
}

/** The runbook as a list to tick; at most ten at a time (Slack's limit), the open ones first. */
export function checklist(data: IncidentCardData): KnownBlock[] {
  const steps = data.tasks.filter(({ kind, state }) => kind === 'checklist' && state !== 'dropped');
  if (steps.length === 0) return [];
  const shown = steps.slice(0, 10);
  const option = (step: (typeof steps)[number]) => {
    const [first, second] = tickLines(step.title);
    return {
      text: { type: 'mrkdwn' as const, text: escapeMrkdwn(first) },
      ...(second === '' ? {} : { description: { type: 'plain_text' as const, text: second } }),
      value: String(step.number),
    };
  };
  // What two lines of a tick cannot hold stands above it in full, and so does a link in the second, where nobody can press it.
  const long = shown.filter(({ title }) => /…$|https?:/.test(tickLines(title)[1]));
  const done = shown.filter(({ state }) => state === 'done').map(option);
  return [
    section(
      `*Runbook* ${steps.filter(({ state }) => state === 'done').length} of ${steps.length} done${long.map(({ title }) => `\n${truncate(escapeMrkdwn(title), 280)}`).join('')}`,
    ),
    {
      type: 'actions',
      // A new id whenever the ticks change: Slack keeps a reader's own ticks of an old one.
      block_id: `check:${data.incident.id}:${shown.map(({ state }) => (state === 'done' ? 1 : 0)).join('')}`,
      elements: [
        {
          type: 'checkboxes',
          action_id: 'incident:check',
          options: shown.map(option),
          ...(done.length > 0 ? { initial_options: done } : {}),
        },
      ],
    },
  ];
}

export function openTasks(data: IncidentCardData): KnownBlock[] {
  const open = data.tasks.filter(({ kind, state }) => kind !== 'checklist' && state === 'open');
  const actions = data.tasks.filter(({ kind }) => kind === 'action');
  const lines = [
    ...open
      .slice(0, 8)
      .map(
        (task) =>
          `• ${task.number}. ${escapeMrkdwn(task.title)}${task.kind === 'follow_up' ? ' _(follow-up)_' : ''}${task.due_at === null ? '' : ` · due ${slackDate(task.due_at, '{date_short_pretty}')}`}`,
      ),
    ...actions.slice(-4).map((task) => `• ${task.action ?? 'action'}: ${escapeMrkdwn(task.title)}`),
  ];
  return lines.length === 0 ? [] : [section(`*Tasks and actions*\n${truncate(lines.join('\n'), 2_500)}`)];
}

/** Slack's limit for the text of a tick, and for the line below it. */
const tickMax = 75;

/** A step as a tick shows it: what fits beside it, broken at a word, and the rest below, which ends in `…` where that is cut. */
function tickLines(title: string): [string, string] {
  if (escapeMrkdwn(title).length <= tickMax) return [title, ''];
  let end = title.length;
  while (escapeMrkdwn(title.slice(0, end)).length > tickMax) end -= 1;
  const space = title.lastIndexOf(' ', end);
  // Half a link would lead elsewhere.
  if (space > 0) end = space;
  return [title.slice(0, end), truncate(title.slice(end).trim(), tickMax)];
}
