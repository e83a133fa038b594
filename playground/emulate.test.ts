import { WebAPIPlatformError, WebClient } from '@slack/web-api';
import { createEmulator } from 'emulate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Playground, startPlayground } from './server.js';
import { testOptions } from './testing/company.js';
import { clientFor } from './testing/harness.js';

/**
 * The same calls against the `emulate` package, a stand-in that others wrote: both must agree on what is answered and what is refused.
 * Where they differ on purpose, the step says so.
 */
type Emulator = { url: string; close(): Promise<void> };
let emulator: Emulator;
let strict: Emulator;
let playground: Playground;

interface Side {
  client: WebClient;
  /** Colleague to invite, and their address. */
  person: string;
  email: string;
  trigger(viewId?: string): Promise<string>;
}

const scopes = [
  'chat:write',
  'channels:read',
  'channels:manage',
  'channels:history',
  'channels:join',
  'users:read',
  'users:read.email',
  'pins:read',
  'pins:write',
  'bookmarks:read',
  'bookmarks:write',
  'reactions:read',
  'reactions:write',
  'files:read',
  'files:write',
  'im:write',
  'im:read',
  'im:history',
  'groups:read',
  'groups:write',
  'groups:history',
  'mpim:write',
  'mpim:read',
  'mpim:history',
  'channels:write',
];
const seed = (strictScopes: boolean, granted: string[]) => ({
  tokens: { 'xoxb-test': { login: 'bot', scopes: granted } },
  slack: {
    strict_scopes: strictScopes,
    team: { name: 'Acme', domain: 'acme' },
    users: [
      { name: 'maya', real_name: 'Maya', email: 'maya@acme.example' },
      { name: 'tom', real_name: 'Tom', email: 'tom@acme.example' },
    ],
    channels: [{ name: 'general' }, { name: 'random' }],
    bots: [{ name: 'tester' }],
    tokens: [{ token: 'xoxb-test', user: 'tom', scopes: granted }],
  },
});

beforeAll(async () => {
  emulator = await createEmulator({ service: 'slack', port: 0, seed: seed(false, scopes) });
  strict = await createEmulator({ service: 'slack', port: 0, seed: seed(true, ['channels:read']) });
  playground = await startPlayground(testOptions());
});
afterAll(async () => {
  await Promise.all([emulator.close(), strict.close(), playground.stop()]);
});

const emulated = (of: Emulator): WebClient =>
  new WebClient('xoxb-test', {
    slackApiUrl: `${of.url}/api/`,
    rejectRateLimitedCalls: true,
    retryConfig: { retries: 0 },
  });

async function outcome(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'ok';
  } catch (error) {
    if (error instanceof WebAPIPlatformError) return error.data.error;
    throw error;
  }
}

type Bag = { [name: string]: string };
interface Step {
  what: string;
  run(side: Side, bag: Bag): Promise<unknown>;
}
const step = (what: string, run: Step['run']): Step => ({ what, run });
const file = (side: Side, bag: Bag, channel: string | undefined): Promise<unknown> =>
  side.client.files.completeUploadExternal({
    files: [{ id: bag.file ?? '', title: 'A' }],
    ...(channel === undefined ? {} : { channel_id: channel }),
  } as never);
const soon = (): number => Math.floor(Date.now() / 1000) + 3600;

const conversations: Step[] = [
  step('create', async ({ client }, bag) => {
    bag.channel = (await client.conversations.create({ name: 'inc-one' })).channel?.id ?? '';
  }),
  step('create with a name taken', ({ client }) => client.conversations.create({ name: 'inc-one' })),
  step('info', ({ client }, bag) => client.conversations.info({ channel: bag.channel ?? '' })),
  step('info of nothing', ({ client }) => client.conversations.info({ channel: 'C0NOPE' })),
  step('invite', ({ client, person }, bag) =>
    client.conversations.invite({ channel: bag.channel ?? '', users: person }),
  ),
  step('invite again', ({ client, person }, bag) =>
    client.conversations.invite({ channel: bag.channel ?? '', users: person }),
  ),
  step('members', ({ client }, bag) => client.conversations.members({ channel: bag.channel ?? '' })),
  step('topic', ({ client }, bag) =>
    client.conversations.setTopic({ channel: bag.channel ?? '', topic: 'T' }),
  ),
  step('purpose', ({ client }, bag) =>
    client.conversations.setPurpose({ channel: bag.channel ?? '', purpose: 'P' }),
  ),
  step('rename', ({ client }, bag) =>
    client.conversations.rename({ channel: bag.channel ?? '', name: 'inc-two' }),
  ),
  step('rename to a name taken', ({ client }, bag) =>
    client.conversations.rename({ channel: bag.channel ?? '', name: 'general' }),
  ),
  step('kick', ({ client, person }, bag) =>
    client.conversations.kick({ channel: bag.channel ?? '', user: person }),
  ),
  step('kick oneself', async ({ client }, bag) =>
    client.conversations.kick({ channel: bag.channel ?? '', user: (await client.auth.test()).user_id ?? '' }),
  ),
  step('archive', ({ client }, bag) => client.conversations.archive({ channel: bag.channel ?? '' })),
  step('archive again', ({ client }, bag) => client.conversations.archive({ channel: bag.channel ?? '' })),
  step('post into an archived one', ({ client }, bag) =>
    client.chat.postMessage({ channel: bag.channel ?? '', text: 'x' }),
  ),
  step('unarchive', ({ client }, bag) => client.conversations.unarchive({ channel: bag.channel ?? '' })),
  step('unarchive again', ({ client }, bag) =>
    client.conversations.unarchive({ channel: bag.channel ?? '' }),
  ),
  step('open a direct message', async ({ client, person }, bag) => {
    bag.dm = (await client.conversations.open({ users: person })).channel?.id ?? '';
  }),
  step('history of nothing', ({ client }) => client.conversations.history({ channel: 'C0NOPE' })),
];
const messages: Step[] = [
  step('post', async ({ client }, bag) => {
    bag.ts =
      (
        await client.chat.postMessage({
          channel: bag.channel ?? '',
          text: 'head',
          metadata: { event_type: 'e', event_payload: { key: 'k' } },
        })
      ).ts ?? '';
  }),
  step('post to a user id', ({ client, person }) =>
    client.chat.postMessage({ channel: person, text: 'hello' }),
  ),
  step('post nothing', ({ client }, bag) =>
    client.chat.postMessage({ channel: bag.channel ?? '', text: '' }),
  ),
  step('reply', ({ client }, bag) =>
    client.chat.postMessage({ channel: bag.channel ?? '', text: 'reply', thread_ts: bag.ts ?? '' }),
  ),
  step('replies', async ({ client }, bag) => {
    const { messages: found } = await client.conversations.replies({
      channel: bag.channel ?? '',
      ts: bag.ts ?? '',
    });
    expect(found?.map((m) => m.text)).toEqual(['head', 'reply']);
  }),
  step('history leaves replies out', async ({ client }, bag) => {
    const { messages: found } = await client.conversations.history({ channel: bag.channel ?? '' });
    expect(found?.filter((m) => m.text === 'head' || m.text === 'reply').map((m) => m.text)).toEqual([
      'head',
    ]);
  }),
  step('update', ({ client }, bag) =>
    client.chat.update({ channel: bag.channel ?? '', ts: bag.ts ?? '', text: 'changed' }),
  ),
  step('update nothing', ({ client }, bag) =>
    client.chat.update({ channel: bag.channel ?? '', ts: '1700000000.000001', text: 'x' }),
  ),
  step('permalink', ({ client }, bag) =>
    client.chat.getPermalink({ channel: bag.channel ?? '', message_ts: bag.ts ?? '' }),
  ),
  step('react', ({ client }, bag) =>
    client.reactions.add({ channel: bag.channel ?? '', timestamp: bag.ts ?? '', name: 'eyes' }),
  ),
  step('react again', ({ client }, bag) =>
    client.reactions.add({ channel: bag.channel ?? '', timestamp: bag.ts ?? '', name: 'eyes' }),
  ),
  step('unreact', ({ client }, bag) =>
    client.reactions.remove({ channel: bag.channel ?? '', timestamp: bag.ts ?? '', name: 'eyes' }),
  ),
  step('unreact again', ({ client }, bag) =>
    client.reactions.remove({ channel: bag.channel ?? '', timestamp: bag.ts ?? '', name: 'eyes' }),
  ),
];
const marks: Step[] = [
  step('pin', ({ client }, bag) => client.pins.add({ channel: bag.channel ?? '', timestamp: bag.ts ?? '' })),
  step('pin again', ({ client }, bag) =>
    client.pins.add({ channel: bag.channel ?? '', timestamp: bag.ts ?? '' }),
  ),
  step('pin nothing', ({ client }, bag) =>
    client.pins.add({ channel: bag.channel ?? '', timestamp: '1700000000.000001' }),
  ),
  step('pins', async ({ client }, bag) => {
    expect((await client.pins.list({ channel: bag.channel ?? '' })).items).toHaveLength(1);
  }),
  step('unpin', ({ client }, bag) =>
    client.pins.remove({ channel: bag.channel ?? '', timestamp: bag.ts ?? '' }),
  ),
  step('unpin again', ({ client }, bag) =>
    client.pins.remove({ channel: bag.channel ?? '', timestamp: bag.ts ?? '' }),
  ),
  step('bookmark', async ({ client }, bag) => {
    bag.bookmark =
      (
        await client.bookmarks.add({
          channel_id: bag.channel ?? '',
          title: 'Runbook',
          type: 'link',
          link: 'https://example.com/',
        })
      ).bookmark?.id ?? '';
  }),
  step('bookmark edited', ({ client }, bag) =>
    client.bookmarks.edit({ channel_id: bag.channel ?? '', bookmark_id: bag.bookmark ?? '', title: 'New' }),
  ),
  step('bookmarks', async ({ client }, bag) => {
    expect(
      (await client.bookmarks.list({ channel_id: bag.channel ?? '' })).bookmarks?.map((b) => b.title),
    ).toEqual(['New']);
  }),
  step('bookmark removed', ({ client }, bag) =>
    client.bookmarks.remove({ channel_id: bag.channel ?? '', bookmark_id: bag.bookmark ?? '' }),
  ),
];
const scheduled: Step[] = [
  step('schedule', async ({ client }, bag) => {
    bag.later =
      (await client.chat.scheduleMessage({ channel: bag.channel ?? '', text: 'later', post_at: soon() }))
        .scheduled_message_id ?? '';
  }),
  step('schedule in the past', ({ client }, bag) =>
    client.chat.scheduleMessage({ channel: bag.channel ?? '', text: 'x', post_at: 1_700_000_000 }),
  ),
  step('scheduled ones', async ({ client }, bag) => {
    expect(
      (await client.chat.scheduledMessages.list({ channel: bag.channel ?? '' })).scheduled_messages,
    ).toHaveLength(1);
  }),
  step('unschedule', ({ client }, bag) =>
    client.chat.deleteScheduledMessage({ channel: bag.channel ?? '', scheduled_message_id: bag.later ?? '' }),
  ),
  step('unschedule again', ({ client }, bag) =>
    client.chat.deleteScheduledMessage({ channel: bag.channel ?? '', scheduled_message_id: bag.later ?? '' }),
  ),
];
const files: Step[] = [
  step('announce', async ({ client }, bag) => {
    const { upload_url, file_id } = await client.files.getUploadURLExternal({ filename: 'a.txt', length: 3 });
    Object.assign(bag, { url: upload_url ?? '', file: file_id ?? '' });
  }),
  step('bytes', async (_side, bag) => {
    expect((await fetch(bag.url ?? '', { method: 'POST', body: 'abc' })).status).toBe(200);
  }),
  step('complete', (side, bag) => file(side, bag, bag.channel)),
  step('complete an unknown one', (side) => file(side, { file: 'F0NOPE' }, undefined)),
  step('info', async ({ client }, bag) => {
    expect((await client.files.info({ file: bag.file ?? '' })).file?.size).toBe(3);
  }),
  step('delete', ({ client }, bag) => client.files.delete({ file: bag.file ?? '' })),
  step('delete again', ({ client }, bag) => client.files.delete({ file: bag.file ?? '' })),
];
const people: Step[] = [
  step('by e-mail', async ({ client, email, person }) => {
    expect((await client.users.lookupByEmail({ email })).user?.id).toBe(person);
  }),
  step('by an unknown e-mail', ({ client }) => client.users.lookupByEmail({ email: 'nobody@acme.example' })),
  step('by id', ({ client, person }) => client.users.info({ user: person })),
  step('by an unknown id', ({ client }) => client.users.info({ user: 'U0NOBODY' })),
];
const modal = {
  type: 'modal' as const,
  title: { type: 'plain_text' as const, text: 'T' },
  blocks: [{ type: 'divider' }],
};
const views: Step[] = [
  step('open', async ({ client, trigger }, bag) => {
    bag.trigger = await trigger();
    const { view } = await client.views.open({ trigger_id: bag.trigger, view: modal });
    Object.assign(bag, { view: view?.id ?? '', hash: view?.hash ?? '' });
  }),
  step('open with a used trigger', ({ client }, bag) =>
    client.views.open({ trigger_id: bag.trigger ?? '', view: modal }),
  ),
  step('push', async ({ client, trigger }, bag) =>
    client.views.push({ trigger_id: await trigger(bag.view), view: modal }),
  ),
  step('update with the hash', ({ client }, bag) =>
    client.views.update({ view_id: bag.view ?? '', hash: bag.hash ?? '', view: modal }),
  ),
  step('update with an old hash', ({ client }, bag) =>
    client.views.update({ view_id: bag.view ?? '', hash: '1.old', view: modal }),
  ),
  step('update nothing', ({ client }) => client.views.update({ view_id: 'V0NOPE', view: modal })),
  step('publish', ({ client, person }) =>
    client.views.publish({ user_id: person, view: { type: 'home', blocks: [{ type: 'divider' }] } }),
  ),
];

/** Where the stand-in is stricter or words it as Slack's reference does; with the reason. */
const differences: { [step: string]: string } = {};

describe.each(Object.entries({ conversations, messages, marks, scheduled, files, people, views }))(
  '%s',
  (family, steps) => {
    it.each(steps)('$what: the same answer from both', async ({ what, run }) => {
      await playground.world.clock.advance(60_000);
      const theirs = await outcome(run(await emulateSide(), bags.theirs));
      const ours = await outcome(run(await ourSide(), bags.ours));
      const known = differences[`${family}: ${what}`];
      if (known === undefined) expect(ours).toBe(theirs);
      else expect(`${ours} instead of ${theirs}`).toBe(known);
    });
  },
);

const bags: { ours: Bag; theirs: Bag } = { ours: {}, theirs: {} };
async function emulateSide(): Promise<Side> {
  const client = emulated(emulator);
  const { members = [] } = await client.users.list({});
  const maya = members.find((m) => m.name === 'maya');
  return {
    client,
    person: maya?.id ?? '',
    email: 'maya@acme.example',
    trigger: async (viewId) => {
      const made = await client.apiCall(
        'views.generateTriggerId',
        viewId === undefined ? {} : { view_id: viewId },
      );
      return 'trigger_id' in made ? String(made.trigger_id) : '';
    },
  };
}
async function ourSide(): Promise<Side> {
  return {
    client: clientFor(playground),
    person: 'U0MAYA',
    email: 'maya@acme.example',
    trigger: async (viewId) =>
      playground.world.triggers.make({ user: 'U0MAYA', fromView: viewId !== undefined }),
  };
}

describe('strict scopes', () => {
  it.each([
    ['chat.postMessage', { channel: 'C1', text: 'x' }],
    ['pins.add', { channel: 'C1', timestamp: '1.1' }],
    ['bookmarks.add', { channel_id: 'C1', title: 't', type: 'link', link: 'https://example.com/' }],
    ['reactions.add', { channel: 'C1', timestamp: '1.1', name: 'eyes' }],
    ['users.lookupByEmail', { email: 'a@b.example' }],
    ['files.getUploadURLExternal', { filename: 'a', length: 1 }],
    ['users.info', { user: 'U1' }],
  ])('%s names the same missing scope', async (method, args) => {
    const { testManifest } = await import('./testing/company.js');
    const bare = await startPlayground(
      testOptions({ manifest: testManifest({ scopes: ['channels:read'] }), grantOptionalScopes: false }),
    );
    const missing = async (client: WebClient): Promise<unknown> => {
      try {
        return await client.apiCall(method, args);
      } catch (error) {
        if (!(error instanceof WebAPIPlatformError)) throw error;
        const { error: word, needed } = error.data as { error: string; needed?: string };
        return { word, needed };
      }
    };
    expect(await missing(clientFor(bare))).toEqual(await missing(emulated(strict)));
    await bare.stop();
  });
});
