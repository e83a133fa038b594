import type { SectionBlock } from '@slack/types';
import { type Incident, referenceOf } from '../../incidents/incident.js';
import { earlierLike } from '../../incidents/related.js';
import { type Catchup, catchupOf } from '../../incidents/report/catchup.js';
import type { IncidentStatistics } from '../../incidents/report/statistics.js';
import { durationWords } from '../../incidents/report/words.js';
import type { Services } from '../../services.js';
import { context, header, section } from '../blocks.js';
import { escapeMrkdwn, escapeWithTimes, slackDate, truncate } from '../mrkdwn.js';
import type { Caller, Reply } from '../surface.js';
import { loadCardData } from './incident-data.js';
import { readableLines } from './incident-hidden.js';
import { main } from './incident-variants.js';

/** The incident's whole card, to the asker alone; with up to three earlier ones like it and what fixed them. */
export async function showReply(services: Services, caller: Caller, incident: Incident): Promise<Reply> {
  const data = await loadCardData(services, incident.id);
  if (data === null) return { text: `${referenceOf(incident)} is gone.`, visibility: 'asker' };
  const card = main(services, data);
  const earlier = await earlierLike(services, caller.person, incident);
  return {
    text: card.text,
    blocks: [...card.blocks, ...earlierSection(earlier)].slice(0, 49),
    visibility: 'asker',
  };
}

/** What is over and was like it, with what fixed it then. */
export function earlierSection(earlier: readonly Incident[]): SectionBlock[] {
  if (earlier.length === 0) return [];
  const lines = earlier.map(
    (one) =>
      `• *${referenceOf(one)}* ${escapeMrkdwn(one.title)}${one.fixed_by === null ? '' : `, fixed by ${escapeMrkdwn(one.fixed_by)}`}`,
  );
  return [section(`*Earlier ones like it*\n${lines.join('\n')}`)];
}

export async function catchupReply(services: Services, incident: Incident): Promise<Reply> {
  const caught = await catchupOf(services, incident, readableLines(services, incident));
  return { text: catchupText(caught), blocks: catchupBlocks(caught), visibility: 'asker' };
}

function catchupText(caught: Catchup): string {
  const list = (items: readonly { text: string }[]): string =>
    items.map(({ text }) => escapeWithTimes(text.replace(/\.$/, ''))).join('; ') || 'nothing yet';
  return `${caught.reference}, ${caught.state}: ${escapeMrkdwn(caught.title)}. Known: ${list(caught.known)}. Done: ${list(caught.done)}. Open: ${caught.open.map(escapeMrkdwn).join('; ') || 'nothing'}. Who: ${caught.who.map(({ role, name }) => `${role} ${escapeMrkdwn(name)}`).join(', ') || 'nobody'}.`;
}

function catchupBlocks(caught: Catchup) {
  const timed = (items: readonly { text: string; at: Date }[]): string =>
    truncate(
      items.map(({ text, at }) => `• ${slackDate(at)} ${escapeWithTimes(truncate(text, 250))}`).join('\n') ||
        '_nothing yet_',
      2_800,
    );
  return [
    header(`${caught.reference}: where it stands`),
    section(`*Known*\n${timed(caught.known)}`),
    section(`*Done*\n${timed(caught.done)}`),
    section(
      `*Open*\n${truncate(caught.open.map((one) => `• ${escapeMrkdwn(one)}`).join('\n') || '_nothing_', 2_800)}`,
    ),
    section(
      `*Who* ${caught.who.map(({ role, name }) => `${role} ${escapeMrkdwn(name)}`).join(', ') || 'nobody has a role yet'}`,
    ),
    context(
      `Only you see this.${caught.nextUpdateAt === null ? '' : ` Next update ${slackDate(caught.nextUpdateAt)}.`}`,
    ),
  ];
}

/** "day", "7 days": what stands behind "the last". */
export function lastDays(days: number): string {
  return days === 1 ? 'day' : `${days} days`;
}

export function statisticsReply(numbers: IncidentStatistics, days: number): Reply {
  const { all } = numbers;
  const took =
    all.count === 0
      ? ''
      : ` Mean time to detect ${durationWords(all.mttd)}, to acknowledge ${durationWords(all.mtta)}, to resolve ${durationWords(all.mttr)}. ${numbers.recurring} came again.`;
  const words = `${all.count} incident${all.count === 1 ? '' : 's'} in ${days} day${days === 1 ? '' : 's'}.${took} ${numbers.open} open, ${numbers.triage} in triage. Follow-ups: ${numbers.follow_ups.open} open, ${numbers.follow_ups.overdue} overdue, ${numbers.follow_ups.done} done`;
  const split = (title: string, groups: IncidentStatistics['by_severity']) =>
    Object.keys(groups).length === 0
      ? []
      : [
          section(
            `*${title}*\n${Object.entries(groups)
              .slice(0, 12)
              .map(
                ([key, one]) =>
                  `• ${escapeMrkdwn(key)}: ${one.count}; detected in ${durationWords(one.mttd)}, acknowledged in ${durationWords(one.mtta)}, resolved in ${durationWords(one.mttr)}`,
              )
              .join('\n')}`,
          ),
        ];
  const details = [numbers.by_severity, numbers.by_tier]
    .flatMap((groups) => Object.entries(groups).map(([key, one]) => `${key}: ${one.count}`))
    .join(', ');
  return {
    text: `${words}.${details === '' ? '' : ` By severity and tier: ${escapeMrkdwn(details)}.`}`,
    blocks: [
      header(`Incidents of the last ${lastDays(days)}`),
      section(escapeMrkdwn(`${words}.`)),
      ...split('By severity', numbers.by_severity),
      ...split('By tier', numbers.by_tier),
      ...split('By domain', numbers.by_domain),
      ...split('By cause', numbers.by_cause),
      context(
        "Drills and private incidents are left out. Detection is counted from the data's own time where it is known.",
      ),
    ],
    visibility: 'asker',
    shareable: true,
  };
}
