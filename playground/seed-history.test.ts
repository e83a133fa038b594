import { expect, it } from 'vitest';
import { history } from '../demo/history.js';
import { demoWorkspace } from '../demo/people.js';
import type { SpokenInput } from './options.js';
import { unreadOf } from './posting.js';
import { type Playground, startPlayground } from './server.js';
import { makeMemoryStorage } from './state/storage.js';
import { testOptions } from './testing/company.js';

const spoken: SpokenInput[] = [
  {
    person: 'tom',
    channel: 'data-questions',
    minutesAgo: 26 * 60,
    text: 'is it @maya who knows?',
    replies: [{ person: 'maya', minutesAgo: 25 * 60, text: 'it is' }],
    reactions: [{ name: 'eyes', people: ['maya'] }],
  },
  { person: 'maya', channel: 'data-questions', minutesAgo: 30, text: 'news' },
];

function texts({ world }: Playground): string[] {
  return world.messages
    .order('C0DATAQUESTIONS')
    .map((ts) => world.messages.get('C0DATAQUESTIONS', ts)?.text ?? '');
}

it('puts what people said before into the channels, old words read and new ones not', async () => {
  const playground = await startPlayground(testOptions({ history: spoken }));
  const { world } = playground;
  expect(texts(playground)).toEqual(['is it <@U0MAYA> who knows?', 'it is', 'news']);
  const channel = world.state.channels.get('C0DATAQUESTIONS');
  if (channel === undefined) throw new Error('no channel');
  expect(unreadOf(world, channel, 'U0TOM')).toMatchObject({ count: 1, mentions: 0 });
  const [head] = world.messages.order(channel.id);
  expect(world.messages.replies(channel.id, head ?? '')).toHaveLength(1);
  expect(world.delivery.stats().total).toBe(0);
  await playground.stop();
});

it('says it once, also over a restart', async () => {
  const storage = makeMemoryStorage();
  const first = await startPlayground(testOptions({ history: spoken, storage }));
  await first.stop();
  const second = await startPlayground(testOptions({ history: spoken, storage }));
  expect(texts(second)).toHaveLength(3);
  await second.stop();
});

it('has people of the company speak in channels that they are in, and never the app', () => {
  const { channels } = demoWorkspace();
  for (const { person, channel, replies = [] } of history) {
    const members = channels.find((each) => each.name === channel)?.members ?? [];
    for (const speaker of [person, ...replies.map((reply) => reply.person)])
      expect(members, `${speaker} in #${channel}`).toContain(speaker);
  }
  expect(history.map((each) => each.person)).not.toContain('steward');
});
