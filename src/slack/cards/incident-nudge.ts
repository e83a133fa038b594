import { referenceOf } from '../../incidents/incident.js';
import { severityById, severityRank } from '../../incidents/severity.js';
import { isLive } from '../../incidents/transitions.js';
import type { Services } from '../../services.js';
import { actions, type ButtonParams, section } from '../blocks.js';
import type { RenderedCard } from '../card.js';
import { escapeMrkdwn } from '../mrkdwn.js';
import type { IncidentCardData } from './incident-data.js';
import { unpagedWords } from './incident-outside.js';
import { alertsSay } from './incident-parts.js';

interface Said {
  words: string | ((data: IncidentCardData) => string);
  buttons: (id: string) => ButtonParams[];
}

const nudges: Record<string, Said> = {
  acknowledge: {
    words: 'nobody has acknowledged this yet.',
    buttons: (id) => [{ text: 'Acknowledge', actionId: 'incident:ack', value: id, style: 'primary' }],
  },
  update: {
    words: 'an update is due: what is wrong, what not to use, when the next word comes.',
    buttons: (id) => [
      { text: 'Post an update', actionId: 'incident:update', value: id, style: 'primary' },
      { text: 'Remind me in 1 hour', actionId: 'incident:snooze', value: `${id}|60` },
      { text: 'In 4 hours', actionId: 'incident:snooze', value: `${id}|240` },
    ],
  },
  roles: {
    words: 'nobody leads yet. Whoever leads decides what is done next; they do not have to fix it.',
    buttons: (id) => [
      { text: 'I lead', actionId: 'incident:claim', value: `${id}|lead`, style: 'primary' },
      { text: 'I do comms', actionId: 'incident:claim', value: `${id}|comms` },
      { text: 'I keep notes', actionId: 'incident:claim', value: `${id}|scribe` },
    ],
  },
  silent: {
    words:
      'it is watched, and what was broken has not been heard of for long: neither that it still is nor that it is well again. If it is well, resolve it; some sources never say so.',
    buttons: (id) => [
      { text: 'Resolve', actionId: 'incident:resolve', value: id, style: 'primary' },
      { text: 'Not fixed', actionId: 'incident:reopen', value: id },
    ],
  },
  unpaged: {
    words: unpagedWords,
    buttons: (id) => [{ text: 'Acknowledge', actionId: 'incident:ack', value: id, style: 'primary' }],
  },
  resolve: {
    words: 'the target for resolving has passed. Is the severity still right?',
    buttons: (id) => [
      { text: 'Severity', actionId: 'incident:severity', value: id },
      { text: 'Post an update', actionId: 'incident:update', value: id },
    ],
  },
};

/** Whether somebody did meanwhile what the reminder asks for: one that comes late is not sent any more. */
function isSettled(data: IncidentCardData, what: string, now: Date): boolean {
  const { incident } = data;
  if (what === 'unpaged') return incident.acknowledged_at !== null || unpagedWords(data) === '';
  if (what === 'acknowledge') return incident.acknowledged_at !== null;
  if (what === 'silent') return incident.state !== 'monitoring' || data.health?.lastIllAt === null;
  if (what === 'roles') return data.roles.some(({ role }) => role === 'lead');
  return what === 'update' && incident.next_update_at !== null && incident.next_update_at > now;
}

/** Whether it is worse than its severity says: `<why>:<suggested severity, or nothing>`, as `askSeverity` names it. */
function worse(services: Services, data: IncidentCardData, asked: string): RenderedCard | null {
  const { incident } = data;
  const { config } = services;
  const [why, suggested = ''] = asked.split(':');
  // Somebody made it as bad meanwhile, or worse.
  if (suggested !== '' && severityRank(config, incident.severity) <= severityRank(config, suggested))
    return null;
  const name = (id: string): string => escapeMrkdwn(severityById(config, id).name);
  const what =
    why === 'reach'
      ? 'it reaches more than was known'
      : `its alerts are worse than before (${alertsSay(data) ?? 'worse'})`;
  const then =
    suggested === ''
      ? `Is ${name(incident.severity)} still right?`
      : `${name(suggested)} is suggested, it is ${name(incident.severity)}.`;
  const words = `${what}. ${then} Nothing changes until somebody changes it.`;
  const value = suggested === '' ? incident.id : `${incident.id}|${suggested}`;
  const reference = referenceOf(incident);
  return {
    text: `${reference}: ${words}`,
    blocks: [
      section(`:bell: *${reference}* ${words}`),
      actions([{ text: 'Severity', actionId: 'incident:severity', value }]),
    ],
  };
}

/** A reminder where the responders are; null where it came too late to be of use. */
export function nudge(
  services: Services,
  data: IncidentCardData,
  what: string,
  now: Date,
): RenderedCard | null {
  if (what.startsWith('worse:'))
    return isLive(data.incident.state) ? worse(services, data, what.slice('worse:'.length)) : null;
  const said = nudges[what];
  if (said === undefined || !isLive(data.incident.state) || isSettled(data, what, now)) return null;
  const reference = referenceOf(data.incident);
  const words = typeof said.words === 'string' ? said.words : said.words(data);
  return {
    text: `${reference}: ${words}`,
    blocks: [section(`:bell: *${reference}* ${words}`), actions(said.buttons(data.incident.id))],
  };
}
