import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, it } from 'vitest';
import { postCard } from '../../src/jobs/outgoing.js';
import { startTestSteward, type TestSteward } from '../helpers/steward.js';

let app: TestSteward;

beforeAll(async () => {
  app = await startTestSteward();
});

async function fault(kind: string, count = 1, method = 'chat.postMessage'): Promise<void> {
  await fetch(new URL('/_play/fault', app.playground.url), {
    method: 'POST',
    headers: { authorization: `Bearer ${app.playground.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ target: 'slack', kind, count, method }),
  });
}

let n = 0;
/** Posts a kept answer through the lane of a channel; the key is returned to look its message up by. */
async function say(channelId: string): Promise<string> {
  n += 1;
  const { db, clock } = app.steward.services;
  const reply = await db
    .insertInto('reply')
    .values({
      delivery_key: `test-${n}`,
      text: `message number ${n}`,
      blocks: '[]',
      person_id: null,
      channel_id: channelId,
      created_at: clock.now(),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const key = `test-${n}`;
  await db.transaction().execute((trx) =>
    postCard(trx, {
      key,
      to: { channelId },
      card: { kind: 'reply', id: reply.id, variant: 'place|' },
      now: clock.now(),
    }),
  );
  return key;
}

async function settled(key: string, ms = 40_000) {
  const deadline = performance.now() + ms;
  for (;;) {
    const row = await app.database.db
      .selectFrom('slack_message')
      .selectAll()
      .where('key', '=', key)
      .executeTakeFirstOrThrow();
    if (row.state !== 'wanted') return row;
    if (performance.now() > deadline) {
      const work = await app.database.db
        .selectFrom('outbox')
        .selectAll()
        .where('key', '=', `slack.send:${key}`)
        .executeTakeFirst();
      throw new Error(`not settled: ${JSON.stringify(work)}`);
    }
    await sleep(40);
  }
}

const texts = async (): Promise<string[]> =>
  (await app.messages({ channel: 'general' })).map((message) => message.text);

it.each([['rate_limited'], ['http_500'], ['internal_error'], ['lost_answer'], ['reset']])(
  'posts once, in the end, when Slack answers %s',
  async (kind) => {
    await fault(kind);
    const key = await say('C0GENERAL');
    const mine = `message number ${n}`;
    expect((await settled(key)).state).toBe('sent');
    expect((await texts()).filter((text) => text === mine)).toHaveLength(1);
  },
);

it('keeps the order of a channel through failures', async () => {
  await fault('http_500', 2);
  const keys = [await say('C0GENERAL'), await say('C0GENERAL'), await say('C0GENERAL')];
  for (const key of keys) await settled(key, 15_000);
  const wanted = [n - 2, n - 1, n].map((number) => `message number ${number}`);
  expect((await texts()).filter((text) => wanted.includes(text))).toEqual(wanted);
});

it.each([['channel_not_found'], ['is_archived']])(
  'gives up at once on %s, says why, and holds up nothing behind it',
  async (kind) => {
    await fault(kind);
    const lost = await say('C0GENERAL');
    const next = await say('C0GENERAL');
    expect(await settled(lost)).toMatchObject({ state: 'gone', gone_reason: kind });
    expect((await settled(next)).state).toBe('sent');
  },
);

it('joins a public channel it was not invited to, and goes on', async () => {
  await fault('not_in_channel');
  expect((await settled(await say('C0GENERAL'))).state).toBe('sent');
});
