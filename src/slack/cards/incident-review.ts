import { type Incident, referenceOf } from '../../incidents/incident.js';
import { exportOf, type IncidentExport } from '../../incidents/report/export.js';
import { peopleWords, summaryOf } from '../../incidents/report/summary.js';
import { durationWords } from '../../incidents/report/words.js';
import type { Services } from '../../services.js';
import { actions, context, fields, header, section } from '../blocks.js';
import type { RenderedCard } from '../card.js';
import { escapeMrkdwn, escapeWithTimes, slackDate, truncate } from '../mrkdwn.js';
import type { Reply } from '../surface.js';
import { asAnybodyReads } from './incident-hidden.js';

/** The review, to whoever asks for it. */
export async function reviewReply(services: Services, incident: Incident): Promise<Reply> {
  return {
    ...(await reviewCard(services, incident)),
    visibility: 'asker',
    shareable: !incident.private,
  };
}

/** The review as a message; the document itself comes from `steward incident export`. */
export async function reviewCard(services: Services, incident: Incident): Promise<RenderedCard> {
  const exported = await asAnybodyReads(services, incident, await exportOf(services, incident));
  const { durations, times, blast_radius: radius } = exported;
  const spans = [
    ['to detect', durations.to_detect],
    ['to acknowledge', durations.to_acknowledge],
    ['to mitigate', durations.to_mitigate],
    ['to resolve', durations.to_resolve],
  ] as const;
  const time = (name: keyof typeof times): string =>
    `*${name}* ${times[name] === null ? '_not known_' : slackDate(new Date(times[name]))}`;
  const broken =
    radius.assets
      .filter(({ relation }) => relation === 'direct')
      .map(({ name }) => name)
      .join(', ') || 'nothing named';
  const draft = exported.draft.map(({ text, entries }) => `${text} [${entries.join(', ')}]`).join(' ');
  return {
    text: `Review of ${exported.reference}: ${escapeMrkdwn(exported.title)}. Time ${spans.map(([name, span]) => `${name} ${durationWords(span)}`).join(', ')}. Broken: ${escapeMrkdwn(truncate(broken, 600))}; ${radius.reached.length} assets downstream. Cause: ${escapeMrkdwn(exported.cause ?? 'not written yet')}.${draft === '' ? '' : ` Draft summary, not read by anybody yet: ${escapeMrkdwn(draft)}`}`,
    blocks: [
      header(`Review of ${exported.reference}`),
      section(
        `${escapeMrkdwn(exported.title)}\n${escapeWithTimes(truncate(summaryOf(exported).join(' '), 2_500))}`,
      ),
      ...(draft === ''
        ? []
        : [
            section(
              `*Draft summary* _made from the timeline by a model; the numbers are its entries_\n${escapeMrkdwn(truncate(draft, 2_700))}`,
            ),
          ]),
      fields(
        (['started', 'detected', 'declared', 'acknowledged', 'mitigated', 'resolved'] as const).map(time),
      ),
      fields(spans.map(([name, span]) => `*${name}* ${durationWords(span)}`)),
      section(
        `*Impact* ${radius.reached.length} assets downstream of ${escapeMrkdwn(truncate(broken, 800))}; ${peopleWords(radius.consumers)} asked about them in the last 30 days`,
      ),
      section(
        `*Cause* ${escapeMrkdwn(exported.cause ?? 'not written yet')}${exported.fixed_by === null ? '' : `\n*Fixed by* ${escapeMrkdwn(exported.fixed_by)}`}`,
      ),
      section(`*Timeline*\n${timelineLines(exported)}`),
      section(`*Follow-ups*\n${followUpLines(exported)}`),
      actions([{ text: 'Put the timeline right', actionId: 'incident:timeline', value: incident.id }]),
      context(
        `The whole document, as Markdown or HTML: \`steward incident export ${exported.number} --format markdown\``,
      ),
    ],
  };
}

const mostEntries = 15;

/** The newest entries with their numbers; what is longer stands in the document. */
function timelineLines({ timeline, number }: IncidentExport): string {
  if (timeline.length === 0) return '_empty_';
  const from = Math.max(0, timeline.length - mostEntries);
  const lines = timeline
    .slice(from)
    .map(
      (entry, index) =>
        `${from + index + 1}. ${slackDate(new Date(entry.at))} ${escapeWithTimes(truncate(entry.text, 150))}`,
    );
  const before = from === 0 ? [] : [`_${from} earlier entries are in the export of INC-${number}_`];
  return truncate([...before, ...lines].join('\n'), 2_900);
}

function followUpLines({ tasks }: IncidentExport): string {
  const lines = tasks
    .filter(({ kind }) => kind === 'follow_up')
    .map(
      (task) =>
        `• ${escapeMrkdwn(task.title)} (${task.state}, ${task.owner === null ? 'nobody yet' : escapeMrkdwn(task.owner)}${task.due_at === null ? '' : `, due ${task.due_at.slice(0, 10)}`})`,
    );
  return truncate(lines.join('\n') || '_none_', 2_900);
}

/** For messages whose incident is private by now: that there was something, and nothing of it. */
export function closedReview(incident: Incident): RenderedCard {
  const text = `The review of ${referenceOf(incident)} is not public any more.`;
  return { text, blocks: [section(text)] };
}
