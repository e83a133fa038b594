import { expect, it } from 'vitest';
import type { ChangeEvent } from '../../answers/answer-types.js';
import { eventBlocks } from './answer-events.js';

const event = (i: number): ChangeEvent => ({
  at: new Date(Date.UTC(2026, 2, 1, 0, -i)).toISOString(),
  kind: 'failed-test',
  assetId: 'a',
  distance: 1,
  text: `Test ${i} on a failed with ${'many '.repeat(60)}rows.`,
});
const shown = (count: number, notLookedAt?: string): string[] =>
  eventBlocks({
    events: Array.from({ length: count }, (_, i) => event(i)),
    text: 'I found nothing.',
    ...(notLookedAt === undefined ? {} : { notLookedAt }),
  }).map((block) =>
    'text' in block && typeof block.text === 'object' ? (block.text?.text ?? '') : JSON.stringify(block),
  );

it('lists what touched a metric newest first, and says how many older ones are not shown', () => {
  const blocks = shown(50);
  expect(blocks.join('\n').match(/• /g)).toHaveLength(40);
  expect(blocks.at(-1)).toContain('The newest 40 are shown; 10 older ones are not.');
  for (const block of blocks) expect(block.length).toBeLessThan(3_000);
});

it('says what was not looked at, and nothing of the kind where all was', () => {
  expect(shown(2, 'One thing further up was not looked at.').at(-1)).toContain('not looked at');
  expect(shown(2)).toHaveLength(2);
  expect(shown(0)).toEqual(['I found nothing.']);
});

it('says since when it looked', () => {
  const blocks = eventBlocks({ events: [event(0)], eventsFrom: new Date('2026-02-15T00:00:00Z'), text: '' });
  expect(JSON.stringify(blocks[0])).toContain('since 2026-02-15, newest first');
});
