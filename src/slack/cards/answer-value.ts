import type { KnownBlock } from '@slack/types';
import type { Answer } from '../../answers/answer-types.js';
import { type MetricValue, rowsAskedFor } from '../../answers/values/read-value.js';
import { context, section } from '../blocks.js';
import { escapeMrkdwn, link, slackDate, truncate } from '../mrkdwn.js';

const rowsShown = 10;

/** The number of a metric beside all that it takes to trust it: the verdict, the moment, the query, and as whom it ran. */
export function valueBlocks(value: MetricValue, answer: Answer, now: Date): KnownBlock[] {
  if (!value.shown) return [context(escapeMrkdwn(value.reason))];
  const rows = rowsAskedFor(value, answer.question, now, rowsShown);
  const lines = [value.columns, ...rows].map((row) => row.map((cell) => cell ?? '').join(' | '));
  const more = value.rows.length > rows.length || value.more ? '\n…' : '';
  const use =
    answer.verdict === undefined || answer.verdict.use === 'general' ? '' : ` for ${answer.verdict.use}`;
  return [
    section(`*From its source's own query*\n${fence(truncate(`${lines.join('\n')}${more}`, 1800))}`),
    section(fence(truncate(value.query.trim(), 1500))),
    context(
      `${answer.verdict?.verdict ?? 'No verdict'}${use}, as of ${slackDate(value.asOf)}, read-only in ${escapeMrkdwn(value.warehouse)} as ${escapeMrkdwn(value.role)}. For your eyes: you may read its tables.`,
    ),
  ];
}

/** Where the number is to be read. The query of a number that is shown, and so needs no disclaimer, stands beside that. */
export function numberInBlocks({
  disclaimer,
  dashboard,
  query,
}: NonNullable<Answer['numberIn']>): KnownBlock[] {
  const shown = disclaimer === undefined;
  const name = dashboard?.name ?? '';
  const look =
    dashboard === undefined
      ? ''
      : `Look it up on ${dashboard.url === undefined ? escapeMrkdwn(name) : link(dashboard.url, name)}.`;
  const copy = query === undefined || shown ? '' : 'To read it yourself:';
  const words = [disclaimer ?? '', look, copy].filter((part) => part !== '').join(' ');
  return [
    ...(words === '' ? [] : [section(words)]),
    ...(query === undefined || shown ? [] : [section(fence(truncate(query.trim(), 1500)))]),
  ];
}

function fence(text: string): string {
  return `\`\`\`${escapeMrkdwn(text.replaceAll('`', "'"))}\`\`\``;
}
