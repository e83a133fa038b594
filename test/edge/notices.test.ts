import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { postNotice } from '../../src/notices/post-notice.js';
import { resumeNotices, stopNotices, stoppedTopics } from '../../src/notices/stop-notices.js';
import type { TopicId } from '../../src/notices/topics.js';
import type { CardRenderer } from '../../src/slack/card.js';
import { noticeDigestCard } from '../../src/slack/cards/notice-digest.js';
import { withStopButton } from '../../src/slack/stop-button.js';
import { makeTestDatabase } from '../helpers/database.js';
import { makeTestServices } from '../helpers/services.js';

const database = await makeTestDatabase();
const services = await makeTestServices({
  database,
  config: {
    people: [
      {
        email: 'lena@example.com',
        name: 'Lena',
        slack: 'U0LENA',
        timeZone: 'Europe/Berlin',
        teams: ['late'],
      },
      { email: 'yuki@example.com', name: 'Yuki', slack: 'U0YUKI', timeZone: 'Asia/Tokyo' },
    ],
    teams: [{ id: 'late', calendar: { hours: { from: '11:00', to: '19:00' } } }],
    calendar: { timeZone: 'UTC', hours: { from: '09:00', to: '17:30' } },
  },
});
const { db } = services;
const now = services.clock.now();
const actor = { personId: null, kind: 'person', channel: 'slack' } as const;

/** Words that change between posting and reading, as a card's do. */
const words = new Map<string, string>();
const testCard: CardRenderer = {
  kind: 'test-news',
  render: async (_services, id) => {
    const text = words.get(id);
    return text === undefined ? null : { text, blocks: [] };
  },
};

async function tell(email: string, topic: TopicId, id: string) {
  const personId = await services.personId(email);
  return db
    .transaction()
    .execute((trx) =>
      postNotice(services, trx, { topic, personId, key: `news:${id}`, card: { kind: 'test-news', id }, now }),
    );
}

async function digests(email: string) {
  const { rows } = await sql<{ card_id: string; run_at: Date }>`
    select card_id, run_at from slack_message join outbox on outbox.key = 'slack.send:' || slack_message.key
    where card_kind = 'notice-digest' and person_id = ${await services.personId(email)}`.execute(db);
  return rows;
}

describe('notices', () => {
  it('go out at once where they would be worthless later, with "Stop these"', async () => {
    expect(await tell('lena@example.com', 'access-ending', 'ending')).toBe('sent');
    const row = await db
      .selectFrom('slack_message')
      .select(['topic', 'person_id'])
      .where('key', '=', 'news:ending')
      .executeTakeFirstOrThrow();
    expect(row).toEqual({ topic: 'access-ending', person_id: await services.personId('lena@example.com') });
    const { blocks } = withStopButton({ text: 'It ends.', blocks: [] }, row.topic);
    expect(JSON.stringify(blocks)).toContain('Stop these');
  });

  it('that can wait become one message when the reader next begins to work, on their own clock', async () => {
    words.set('a', 'First.').set('b', 'Second.');
    expect(await tell('lena@example.com', 'access-drift', 'a')).toBe('waits');
    expect(await tell('lena@example.com', 'definitions-asked', 'b')).toBe('waits');
    words.set('b', 'Second, as it reads by now.');
    const waiting = await digests('lena@example.com');
    // 10:00 UTC is noon in Berlin, in the middle of the late shift: tomorrow at 11:00 there.
    expect(waiting.map((row) => row.run_at.toISOString())).toEqual(['2026-03-03T10:00:00.000Z']);
    const card = await noticeDigestCard([testCard]).render(services, waiting[0]?.card_id ?? '', {
      variant: '',
      now,
    });
    expect(card?.text).toContain('First.');
    expect(card?.text).toContain('Second, as it reads by now.');
    await tell('yuki@example.com', 'access-drift', 'tokyo');
    // 19:00 in Tokyo: tomorrow at 9:00 there, which is midnight UTC.
    expect((await digests('yuki@example.com')).map((row) => row.run_at.toISOString())).toEqual([
      '2026-03-03T00:00:00.000Z',
    ]);
  });

  it('stop for whoever pressed it, also those that already wait, and come again when wanted', async () => {
    const personId = await services.personId('lena@example.com');
    await stopNotices(services, { personId, topic: 'access-drift', actor, now });
    expect((await stoppedTopics(db, personId)).map((topic) => topic.id)).toEqual(['access-drift']);
    expect(await tell('lena@example.com', 'access-drift', 'c')).toBe('stopped');
    expect(await tell('yuki@example.com', 'access-drift', 'd')).toBe('waits');
    const [waiting] = await digests('lena@example.com');
    const render = () =>
      noticeDigestCard([testCard]).render(services, waiting?.card_id ?? '', { variant: '', now });
    expect((await render())?.text).not.toContain('First.');
    await resumeNotices(services, { personId, topic: 'access-drift', actor, now });
    expect((await render())?.text).toContain('First.');
    const audited = await db
      .selectFrom('audit')
      .select('action')
      .where('subject_id', '=', personId)
      .orderBy('id')
      .execute();
    expect(audited.map((row) => row.action)).toEqual(['notice.stop', 'notice.resume']);
  });

  it('are not sent to people who left, nor twice under one key', async () => {
    expect(await tell('yuki@example.com', 'access-drift', 'd')).toBe('waits');
    const rows = await db.selectFrom('notice_waiting').select('key').where('key', '=', 'news:d').execute();
    expect(rows).toHaveLength(1);
    await db.updateTable('person').set({ status: 'left' }).where('email', '=', 'yuki@example.com').execute();
    expect(await tell('yuki@example.com', 'access-drift', 'e')).toBe('stopped');
  });

  it('never take a place of the three buttons of a card', () => {
    const press = { type: 'button', text: { type: 'plain_text', text: 'x' }, action_id: 'x' } as const;
    const full = withStopButton(
      { text: 'x', blocks: [{ type: 'actions', elements: [press, press, press] }] },
      'access-ending',
    );
    expect(full.blocks).toHaveLength(2);
    const roomy = withStopButton(
      { text: 'x', blocks: [{ type: 'actions', elements: [press] }] },
      'access-ending',
    );
    expect(roomy.blocks).toHaveLength(1);
    expect(withStopButton({ text: 'x', blocks: [] }, null).blocks).toHaveLength(0);
  });
});
