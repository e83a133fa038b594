import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MessagesReply } from './protocol.js';
import { type Playground, startPlayground } from './server.js';
import { testOptions, testPeople } from './testing/company.js';
import { clientFor } from './testing/harness.js';

/** What the Web API client does on top of single calls: uploads, streams, pages. */
let playground: Playground;
beforeAll(async () => {
  playground = await startPlayground(
    testOptions({
      people: [...testPeople, { name: 'stranger', foreignTeamId: 'T0ELSEWHERE' }],
      channels: [{ name: 'general' }, { name: 'shared', members: ['maya', 'stranger', 'tester'] }],
    }),
  );
});
afterAll(() => playground.stop());

async function messages(channel: string): Promise<MessagesReply['messages']> {
  const response = await fetch(
    `${playground.apiUrl.replace('/api/', '/_play/')}messages?channel=${channel}&token=${playground.token}`,
  );
  return ((await response.json()) as MessagesReply).messages;
}

describe('the Web API client', () => {
  it('uploads a file in three calls, and reads it back with its token', async () => {
    const client = clientFor(playground);
    const png = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    );
    await client.filesUploadV2({
      channel_id: 'C0GENERAL',
      file: png,
      filename: 'chart.png',
      title: 'A chart',
      alt_text: 'one dot',
      initial_comment: 'see',
    });
    const shown = (await messages('general')).find((m) => m.text === 'see');
    expect(shown?.files).toMatchObject([
      { name: 'chart.png', title: 'A chart', mimetype: 'image/png', size: png.length, alt_txt: 'one dot' },
    ]);
    const { file } = await client.files.info({ file: shown?.files[0]?.id ?? '' });
    const bytes = await fetch(file?.url_private ?? '', {
      headers: { authorization: `Bearer ${playground.botToken}` },
    });
    expect(Buffer.from(await bytes.arrayBuffer()).equals(png)).toBe(true);
    expect((await fetch(file?.url_private ?? '')).status).toBe(401);
    const onPage = await fetch(
      `${playground.apiUrl.replace('/api/', '')}${shown?.files[0]?.play_url}&token=${playground.token}`,
    );
    expect(onPage.headers.get('content-type')).toBe('image/png');
  });

  it('streams an answer with tasks, and ends it with blocks', async () => {
    const client = clientFor(playground);
    const { ts = '' } = await client.chat.postMessage({ channel: 'C0GENERAL', text: 'question' });
    const stream = client.chatStream({
      channel: 'C0GENERAL',
      thread_ts: ts,
      recipient_user_id: 'U0MAYA',
      recipient_team_id: playground.teamId,
      task_display_mode: 'timeline',
    });
    await stream.append({ markdown_text: `It means ${'x'.repeat(300)}` });
    await stream.append({
      chunks: [{ type: 'task_update', id: 't1', title: 'Looked it up', status: 'complete' }],
    });
    await stream.stop({ markdown_text: ' and no more.', blocks: [{ type: 'divider' }] });
    const streamed = (await messages('general')).find((m) => m.thread_ts === ts);
    expect(streamed?.text).toBe(`It means ${'x'.repeat(300)} and no more.`);
    expect(streamed).toMatchObject({
      chunks: [{ id: 't1', status: 'complete' }],
      blocks: [{ type: 'divider' }],
    });
    expect(streamed?.streaming).toBeUndefined();
  });

  it('pages through everybody', async () => {
    const client = clientFor(playground);
    const names: (string | undefined)[] = [];
    for await (const page of client.paginate('users.list', { limit: 2 })) {
      names.push(...('members' in page ? (page.members as { name?: string }[]).map((m) => m.name) : []));
    }
    expect(names.sort()).toEqual(['gil', 'lea', 'maya', 'stranger', 'tester', 'tom']);
  });

  it('finds a message by its metadata after its answer was lost', async () => {
    const client = clientFor(playground);
    await playground.world.clock.advance(60_000);
    playground.world.faults.add({
      target: 'slack',
      kind: 'lost_answer',
      count: 1,
      method: 'chat.postMessage',
    });
    const metadata = { event_type: 'steward_effect', event_payload: { key: 'o-17' } };
    await expect(client.chat.postMessage({ channel: 'C0GENERAL', text: 'card', metadata })).rejects.toThrow();
    const found = await client.conversations.history({ channel: 'C0GENERAL', include_all_metadata: true });
    expect(
      found.messages?.filter((m) => m.metadata?.event_payload !== undefined).map((m) => m.metadata),
    ).toEqual([metadata]);
    const bare = await client.conversations.history({ channel: 'C0GENERAL' });
    expect(bare.messages?.every((m) => m.metadata === undefined)).toBe(true);
  });

  it('sees somebody of another workspace for what they are', async () => {
    expect((await clientFor(playground).users.info({ user: 'U0STRANGER' })).user).toMatchObject({
      team_id: 'T0ELSEWHERE',
      is_stranger: true,
    });
  });

  it('is told to wait, with the seconds', async () => {
    playground.world.faults.add({ target: 'slack', kind: 'rate_limited', count: 1 });
    await expect(clientFor(playground).auth.test()).rejects.toMatchObject({ retryAfter: 1 });
  });
});
