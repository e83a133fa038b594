import { type Handoff, handoffOf } from '../../incidents/handoff.js';
import { drawStatistics } from '../../incidents/picture/chart.js';
import { statisticsOf } from '../../incidents/report/statistics.js';
import { digestCard, digestPeriod, handoffCard, statisticsCard } from '../../incidents/schedule.js';
import { section } from '../blocks.js';
import type { CardRenderer } from '../card.js';
import { escapeMrkdwn, slackDate } from '../mrkdwn.js';
import { muteWords } from './incident-mutes.js';
import { lastDays, statisticsReply } from './incident-replies.js';

/** The week before, with a chart whose numbers stand in the words too. */
export const incidentDigestCard: CardRenderer = {
  kind: digestCard,
  render: async (services, week) => {
    const numbers = await statisticsOf(services, digestPeriod(week));
    const reply = statisticsReply(numbers, 7);
    const overdue = numbers.follow_ups.overdue;
    const chart = drawStatistics(`Incidents of the week before ${week}`, numbers);
    return {
      text: reply.text,
      blocks: [
        ...(reply.blocks ?? []),
        ...(overdue > 0
          ? [
              section(
                `${overdue} follow-up${overdue === 1 ? ' is' : 's are'} overdue. \`/incident handoff\` names those due.`,
              ),
            ]
          : []),
      ],
      ...(numbers.all.count === 0
        ? {}
        : {
            image: {
              key: `incident-digest-${week}`,
              png: chart.png,
              title: 'Incidents of the week',
              altText: chart.altText,
            },
          }),
    };
  },
};

/** The numbers of so many days before the time it was asked for, with their chart. */
export const incidentStatisticsCard: CardRenderer = {
  kind: statisticsCard,
  render: async (services, days, { variant, now }) => {
    const asked = new Date(variant);
    const to = Number.isNaN(asked.getTime()) ? now : asked;
    const numbers = await statisticsOf(services, {
      from: new Date(to.getTime() - Number(days) * 86_400_000),
      to: new Date(to.getTime() + 1_000),
    });
    const { text, blocks = [] } = statisticsReply(numbers, Number(days));
    const chart = drawStatistics(`Incidents of the last ${lastDays(Number(days))}`, numbers);
    return {
      text,
      blocks,
      image: {
        key: `incident-statistics-${days}-${to.getTime()}`,
        png: chart.png,
        title: `Incidents of the last ${lastDays(Number(days))}`,
        altText: chart.altText,
      },
    };
  },
};

/** To whoever's turn on call it is now. */
export const incidentHandoffCard: CardRenderer = {
  kind: handoffCard,
  render: async (services, _team, { now }) => {
    const over = await handoffOf(services, now);
    const lines = handoffLines(over, now);
    const text = `You are on call now. ${lines.length === 0 ? 'Nothing is open.' : `Open: ${lines.join('; ')}.`}`;
    return {
      text,
      blocks: [
        section(
          `*You are on call now.*\n${lines.length === 0 ? 'Nothing is open.' : lines.map((line) => `• ${line}`).join('\n')}`.slice(
            0,
            2_990,
          ),
        ),
      ],
    };
  },
};

/** What is taken over, a line each: open incidents, triage, running backfills, mutes, follow-ups that fall due. */
export function handoffLines(over: Handoff, now: Date): string[] {
  const day = '{date_short_pretty}';
  return [
    ...over.incidents.map(
      (one) => `INC-${one.number} ${escapeMrkdwn(one.severity)} ${one.state}: ${escapeMrkdwn(one.title)}`,
    ),
    ...(over.triage > 0 ? [`${over.triage} in triage`] : []),
    ...over.backfills.map((one) => `${one.reference} runs: ${escapeMrkdwn(one.summary)}`),
    ...over.mutes.map((one) => `muted ${muteWords(one, now)}`),
    ...over.followUps.map(
      (one) =>
        `follow-up of INC-${one.number}: ${escapeMrkdwn(one.title)}${one.dueAt === null ? '' : `, due ${slackDate(one.dueAt, day)}`}`,
    ),
  ];
}
