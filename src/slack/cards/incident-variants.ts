import type { KnownBlock } from '@slack/types';
import { referenceOf } from '../../incidents/incident.js';
import { listOf } from '../../incidents/report/words.js';
import { isLive } from '../../incidents/transitions.js';
import type { Services } from '../../services.js';
import { actions, type ButtonParams, context, header, section } from '../blocks.js';
import type { RenderedCard } from '../card.js';
import { escapeMrkdwn, escapeWithTimes, slackDate, truncate } from '../mrkdwn.js';
import type { IncidentCardData } from './incident-data.js';
import { outsideSection, unpagedWords } from './incident-outside.js';
import {
  alertLine,
  alertsSay,
  checklist,
  headline,
  isPast,
  openTasks,
  plainHeadline,
  radiusSection,
  radiusWords,
  roleFields,
  sentence,
  statusLine,
  suspensionSection,
  updateSection,
  updateSentences,
  updateWords,
  watchLine,
} from './incident-parts.js';

type Variant = (services: Services, data: IncidentCardData) => RenderedCard;

function buttonsOf(data: IncidentCardData): {
  buttons: ButtonParams[];
  rest: { text: string; value: string }[];
} {
  const { incident } = data;
  const { id } = incident;
  const lead = data.roles.some(({ role }) => role === 'lead');
  const more = (text: string, action: string) => ({ text, value: `incident:${action}|${id}` });
  const claim = { text: 'Take the lead', actionId: 'incident:claim', value: `${id}|lead` };
  const update = { text: 'Post an update', actionId: 'incident:update', value: id };
  const suspension =
    data.suspended.length > 0 ? more('Restore grants', 'restore') : more('Suspend grants', 'suspend');
  switch (incident.state) {
    case 'triage':
      return {
        buttons: [
          { text: 'Accept', actionId: 'incident:accept', value: id, style: 'primary' },
          { text: 'Decline', actionId: 'incident:decline', value: id },
          { text: 'Details', actionId: 'incident:show', value: id },
        ],
        rest: [],
      };
    case 'investigating':
    case 'identified':
      return {
        buttons: [
          ...(incident.acknowledged_at === null
            ? [{ text: 'Acknowledge', actionId: 'incident:ack', value: id, style: 'primary' as const }]
            : []),
          ...(lead ? [] : [claim]),
          update,
          { text: 'Mitigated', actionId: 'incident:mitigate', value: id },
        ].slice(0, 3),
        rest: [
          more('Mitigated', 'mitigate'),
          more('Resolve', 'resolve'),
          more('Severity', 'severity'),
          more('Catch me up', 'catchup'),
          ...(incident.kind === 'data_exposure'
            ? [suspension]
            : // The form comes prefilled with this incident: a verified backfill ticks its follow-up.
              [{ text: 'Backfill', value: `backfill:request||${id}` }]),
        ],
      };
    case 'monitoring':
      return {
        buttons: [
          { text: 'Resolve', actionId: 'incident:resolve', value: id, style: 'primary' },
          update,
          { text: 'Not fixed', actionId: 'incident:reopen', value: id },
        ],
        rest: [
          more('Catch me up', 'catchup'),
          more('Join', 'join'),
          more('Timeline', 'timeline'),
          ...(incident.kind === 'data_exposure' ? [suspension] : []),
        ],
      };
    case 'resolved':
      return {
        buttons: [
          { text: 'Close', actionId: 'incident:close', value: id, style: 'primary' },
          { text: 'Review', actionId: 'incident:review', value: id },
          { text: 'Reopen', actionId: 'incident:reopen', value: id },
        ],
        rest: [more('Timeline', 'timeline'), ...(data.suspended.length > 0 ? [suspension] : [])],
      };
    case 'closed':
      return {
        buttons: [
          { text: 'Review', actionId: 'incident:review', value: id },
          { text: 'Reopen', actionId: 'incident:reopen', value: id },
        ],
        rest: [more('Timeline', 'timeline')],
      };
    default:
      return { buttons: [], rest: [] };
  }
}

function actionRow(data: IncidentCardData): KnownBlock[] {
  const { buttons, rest } = buttonsOf(data);
  return buttons.length === 0 ? [] : [actions(buttons, rest)];
}

/** The live card in the incident's channel: it opens with the runbook. */
export const main: Variant = (services, data) => ({
  text: `${plainHeadline(services, data.incident)}. ${escapeMrkdwn(radiusWords(data))}${updateWords(data)}${unpagedWords(data).replace(/^(?=.)/, ' ')}`,
  blocks: [
    header(`${referenceOf(data.incident)} ${data.incident.title}`),
    section(statusLine(services, data.incident)),
    ...checklist(data),
    ...updateSection(data),
    ...suspensionSection(data),
    radiusSection(data),
    roleFields(data),
    ...openTasks(data),
    ...alertLine(data),
    ...outsideSection(data),
    ...watchLine(services, data),
    ...reason(data),
    ...actionRow(data),
  ],
});

/** In the incidents channel: one message, brought up to date in place. */
export const announce: Variant = (services, data) => ({
  text: `${plainHeadline(services, data.incident)}. ${escapeMrkdwn(radiusWords(data))}${updateWords(data)}`,
  blocks: [
    section(headline(services, data.incident)),
    ...(data.incident.channel_id === null
      ? checklist(data)
      : [context(`Worked on in <#${data.incident.channel_id}>`)]),
    ...updateSection(data),
    radiusSection(data),
    ...(data.incident.channel_id === null
      ? [roleFields(data), ...openTasks(data), ...outsideSection(data)]
      : []),
    ...alertLine(data),
    ...watchLine(services, data),
    ...reason(data),
    ...actionRow(data),
  ],
});

/** One folded line in the triage channel. */
export const triage: Variant = (services, data) => {
  const total = data.groups.reduce((sum, { alerts }) => sum + alerts, 0);
  const recovered = data.groups.length > 0 && data.groups.every(({ status }) => status === 'recovered');
  const says = recovered ? 'recovered' : alertsSay(data);
  const count = `${total} alert${total === 1 ? '' : 's'}${says === null ? '' : `, ${says}`}`;
  const accepted = data.incident.state !== 'triage';
  return {
    text: `${plainHeadline(services, data.incident)}, ${count}. ${escapeMrkdwn(radiusWords(data))}`,
    blocks: [
      section(
        `${recovered ? ':large_green_circle: ' : ''}${headline(services, data.incident)}\n${escapeMrkdwn(truncate(`${count}. ${radiusWords(data)}`, 600))}${accepted && data.incident.channel_id !== null ? ` <#${data.incident.channel_id}>` : ''}`,
      ),
      ...reason(data),
      ...(accepted ? [] : actionRow(data)),
    ],
  };
};

/** What consumers know it by: metrics and dashboards, else whatever is affected. */
function usedByPeople({ assets }: IncidentCardData): IncidentCardData['assets'] {
  const used = assets.filter(({ kind }) => kind === 'metric' || kind === 'exposure');
  return used.length > 0 ? used : assets;
}

/** The more important ones first. */
function namesOf(assets: IncidentCardData['assets']): string {
  const sorted = [...assets].sort((a, b) => (a.tier ?? 99) - (b.tier ?? 99) || (a.name < b.name ? -1 : 1));
  return truncate(
    listOf(
      sorted.map(({ name }) => name),
      12,
    ),
    700,
  );
}

/** What can be used again, and what cannot because another incident goes on: one that was merged goes on in another. */
function usableAgain(data: IncidentCardData): string {
  const names = (some: IncidentCardData['assets']): string => escapeMrkdwn(namesOf(some));
  const used = usedByPeople(data);
  const free = used.filter(({ asset_id }) => !data.alsoUnder.has(asset_id));
  const held = used.filter(({ asset_id }) => data.alsoUnder.has(asset_id));
  const others = [...new Set(held.flatMap(({ asset_id }) => data.alsoUnder.get(asset_id) ?? []))].sort();
  return [
    ...(free.length === 0 ? [] : [`${names(free)} can be used again.`]),
    ...(held.length === 0 ? [] : [`Still affected, by ${others.join(', ')}: ${names(held)}.`]),
  ].join(' ');
}

/** For whoever uses the data: what is wrong, what not to use, what instead, when it is right. Nothing of how it is fixed. */
export const consumer: Variant = (_services, data) => {
  const { incident } = data;
  const over = isPast(incident);
  const doNotUse = data.forConsumers?.do_not_use ?? namesOf(usedByPeople(data));
  const lines = over
    ? [`*${referenceOf(incident)} is ${incident.state}.* ${usableAgain(data)}`]
    : [
        `*Data you use is affected* (${referenceOf(incident)})`,
        `*What is wrong* ${escapeWithTimes(data.forConsumers?.wrong ?? incident.title)}`,
        ...(doNotUse === '' ? [] : [`*Do not use* ${escapeWithTimes(truncate(doNotUse, 800))}`]),
        ...(data.forConsumers?.use_instead
          ? [`*Use instead* ${escapeWithTimes(data.forConsumers.use_instead)}`]
          : []),
        data.forConsumers?.eta
          ? `*Expected to be right* ${slackDate(data.forConsumers.eta)}`
          : '*Expected to be right* not known yet',
      ];
  return {
    text: over
      ? `${referenceOf(incident)} is ${incident.state}. ${usableAgain(data)}`
      : [
          `${referenceOf(incident)}:`,
          ...updateSentences({
            wrong: data.forConsumers?.wrong ?? incident.title,
            do_not_use: doNotUse,
            use_instead: data.forConsumers?.use_instead ?? null,
            eta: data.forConsumers?.eta ?? null,
          }),
        ].join(' '),
    blocks: [
      section(lines.join('\n')),
      actions([{ text: 'Stop these', actionId: 'incident:unsubscribe', value: incident.id }]),
    ],
  };
};

/** For owners of what is affected: they may have to act. */
export const owner: Variant = (services, data) => ({
  text: `Something you own is part of ${plainHeadline(services, data.incident)}. ${escapeMrkdwn(radiusWords(data))}${updateWords(data)}`,
  blocks: [
    section(`Something you own is part of this incident.\n${headline(services, data.incident)}`),
    ...updateSection(data),
    radiusSection(data),
    actions([
      { text: 'Join', actionId: 'incident:join', value: data.incident.id, style: 'primary' },
      { text: 'Stop these', actionId: 'incident:unsubscribe', value: data.incident.id },
    ]),
  ],
});

/** For executives: state, what it touches, when the next word comes. */
export const executive: Variant = (services, data) => {
  const { incident } = data;
  // They know numbers and dashboards, not the tables below.
  const important = data.assets.filter(({ tier }) => tier === 1);
  const known = usedByPeople({ ...data, assets: important });
  const next =
    incident.next_update_at === null || !isLive(incident.state)
      ? ''
      : ` Next word ${slackDate(incident.next_update_at)}.`;
  const wrong = !isPast(incident)
    ? escapeWithTimes(data.forConsumers?.wrong ?? 'We are finding out what is wrong.')
    : incident.state === 'merged'
      ? `It goes on as ${data.mergedInto ?? 'another incident'}.`
      : 'It is over.';
  const reached = escapeMrkdwn(namesOf(known) || 'none');
  return {
    text: `${plainHeadline(services, incident)}. ${sentence(wrong)} Tier 1 affected: ${reached}.${next}`,
    blocks: [section(`${headline(services, incident)}\n${wrong}\n*Tier 1 affected* ${reached}.${next}`)],
  };
};

/** What was told in public before an incident became private. */
export function neutral(data: IncidentCardData): RenderedCard {
  const text = `${referenceOf(data.incident)} is not public any more.`;
  return { text, blocks: [section(text)] };
}

function reason(data: IncidentCardData): KnownBlock[] {
  const { incident } = data;
  if (incident.state_reason === null || isLive(incident.state)) return [];
  return [context(`${incident.state}: ${escapeMrkdwn(truncate(incident.state_reason, 500))}`)];
}
