import { expect, it } from 'vitest';
import { escapeMrkdwn, slackDate, spokenText } from './mrkdwn.js';
import { replyBlocks } from './replies.js';

const until = new Date('2026-03-02T06:10:00Z');
const token = slackDate(until);

it('a text that is read aloud says a moment in words, and calls no channel', () => {
  expect(
    spokenText(`Muted until ${token}, due ${slackDate(until, '{date_short_pretty}')}: see <!here>.`),
  ).toBe('Muted until 2026-03-02 06:10 UTC, due 2026-03-02 06:10 UTC: see &lt;!here>.');
});

it('words without blocks show a moment in the zone of each reader and are escaped once, whoever escaped them', () => {
  const shown = (text: string) => replyBlocks({ text, visibility: 'asker' }, { formButton: false });
  const texts = (blocks: ReturnType<typeof shown>) =>
    blocks.map((one) => (one.type === 'section' ? one.text?.text : one.type));
  expect(texts(shown(`Muted until ${token}: ${escapeMrkdwn('A & <B>')}`))).toEqual([
    `Muted until ${token}: A &amp; &lt;B&gt;`,
  ]);
  expect(texts(shown('A & <B> until 2026-03-02 06:10 UTC'))).toEqual([`A &amp; &lt;B&gt; until ${token}`]);
});
