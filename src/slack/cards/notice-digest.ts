import type { KnownBlock } from '@slack/types';
import { digestKind, digestOf } from '../../notices/post-notice.js';
import { stoppedTopics } from '../../notices/stop-notices.js';
import { topics } from '../../notices/topics.js';
import { button, section } from '../blocks.js';
import type { CardRenderer } from '../card.js';
import { truncate } from '../mrkdwn.js';
import { stopActionId } from '../stop-button.js';

const linesAtMost = 15;

/** What could wait since the last working day: one message, a heading with "Stop these" per topic, each notice as it reads now. */
export function noticeDigestCard(kinds: readonly CardRenderer[]): CardRenderer {
  return {
    kind: digestKind,
    render: async (services, id, { now }) => {
      const digest = digestOf(id);
      if (!digest) return null;
      const waiting = await services.db
        .selectFrom('notice_waiting')
        .select(['topic', 'card_kind', 'card_id', 'variant'])
        .where('person_id', '=', digest.personId)
        .where('due_at', '=', digest.dueAt)
        .orderBy('created_at')
        .execute();
      const stopped = new Set((await stoppedTopics(services.db, digest.personId)).map((topic) => topic.id));
      const blocks: KnownBlock[] = [];
      const texts: string[] = [];
      for (const topic of topics) {
        if (stopped.has(topic.id)) continue;
        const rows = waiting.filter((row) => row.topic === topic.id);
        const lines: string[] = [];
        for (const row of rows.slice(0, linesAtMost)) {
          const renderer = kinds.find((kind) => kind.kind === row.card_kind);
          const card = await renderer?.render(services, row.card_id, { variant: row.variant, now });
          if (card) lines.push(truncate(card.text, 400));
        }
        if (lines.length === 0) continue;
        if (rows.length > linesAtMost) lines.push(`and ${rows.length - linesAtMost} more`);
        const title = `${topic.title.charAt(0).toUpperCase()}${topic.title.slice(1)}`;
        blocks.push(
          section(
            `*${title}*`,
            button({
              text: 'Stop these',
              actionId: stopActionId,
              value: topic.id,
              label: `Stop ${topic.title}`,
            }),
          ),
          ...inSections(lines.map((line) => `• ${line}`)),
        );
        texts.push(`${title}: ${lines.join(' ')}`);
      }
      if (blocks.length === 0) return null;
      return {
        text: truncate(`What could wait until this morning. ${texts.join(' ')}`, 3_900),
        blocks: [section('What could wait until this morning:'), ...blocks].slice(0, 50),
      };
    },
  };
}

/** Lines packed into as few sections as Slack's 3,000 characters allow. */
function inSections(lines: readonly string[]): KnownBlock[] {
  const packed: string[] = [];
  for (const line of lines) {
    const last = packed.at(-1);
    if (last !== undefined && last.length + line.length < 2_900)
      packed[packed.length - 1] = `${last}\n${line}`;
    else packed.push(line);
  }
  return packed.map((text) => section(text));
}
