import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeWithShared, sharedPath } from '../test/helpers/shared.js';
import { eventScopes, knownEvents } from './manifest.js';
import { isObject } from './mrkdwn.js';
import { act } from './play/act.js';
import type { ActRequest, JsonObject } from './protocol.js';
import { type Playground, startPlayground } from './server.js';
import { everyEvent, testManifest, testOptions } from './testing/company.js';

let playground: Playground;
beforeAll(async () => {
  playground = await startPlayground(testOptions({ manifest: testManifest({ events: knownEvents }) }));
});
afterAll(() => playground.stop());

/** Nobody is connected: what would have been sent is in the log of deliveries. */
async function sentBy(...requests: ActRequest[]): Promise<JsonObject[]> {
  const before = playground.world.behind.since(undefined).at(-1)?.id;
  for (const request of requests) await act(playground.world, request);
  const payloads = playground.world.behind
    .since(before)
    .flatMap(({ kind, detail }) => (kind === 'delivery' && isObject(detail.payload) ? [detail.payload] : []));
  const first = new Map(payloads.map((payload) => [payload.event_id, payload]));
  return [...first.values()];
}

async function callApi(method: string, args: object): Promise<JsonObject> {
  const response = await fetch(`${playground.apiUrl}${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${playground.botToken}` },
    body: JSON.stringify(args),
  });
  const answer = (await response.json()) as JsonObject;
  expect(answer).toMatchObject({ ok: true });
  return answer;
}

describeWithShared('specs/slack/events-api', 'the published Events API description', () => {
  const wrapper = JSON.parse(
    readFileSync(sharedPath('specs/slack/events-api/slack_common_event_wrapper_schema.json'), 'utf8'),
  ) as { required: string[] };
  // Since 2020 `authorizations` stands in the place of `authed_users` (docs.slack.dev/apis/events-api); the description is older.
  wrapper.required = wrapper.required.filter((field) => field !== 'authed_users');
  const valid = new Ajv({ strict: false }).compile(wrapper);
  const topics = (
    JSON.parse(readFileSync(sharedPath('specs/slack/events-api/slack_events_api_async_v1.json'), 'utf8')) as {
      topics: { [name: string]: { subscribe?: { 'x-scopes-required'?: string[] } } };
    }
  ).topics;

  it('fits every event that is sent', async () => {
    const sent = await sentBy(
      { as: 'maya', do: 'mention', channel: '#data-questions', text: 'hi https://catalog.example.com/mrr' },
      { as: 'maya', do: 'message', text: 'hi' },
      { as: 'maya', do: 'home' },
      { as: 'maya', do: 'leave', channel: '#data-questions' },
      { as: 'maya', do: 'join', channel: '#data-questions' },
      { as: 'maya', do: 'status', value: ':palm_tree: away' },
    );
    expect(sent.length).toBeGreaterThanOrEqual(9);
    for (const payload of sent)
      expect({
        type: isObject(payload.event) ? payload.event.type : null,
        fine: valid({ ...payload, token: 't' }),
        errors: valid.errors ?? null,
      }).toMatchObject({ fine: true, errors: null });
  });

  it('asks for the same scopes', () => {
    let compared = 0;
    for (const [event, ours] of Object.entries(eventScopes)) {
      const theirs = topics[event.replaceAll('_', '.')]?.subscribe?.['x-scopes-required'];
      if (theirs === undefined || theirs.length === 0) continue;
      compared += 1;
      expect({ event, same: ours.some((scope) => theirs.includes(scope)), theirs }).toMatchObject({
        event,
        same: true,
      });
    }
    expect(compared).toBeGreaterThan(15);
  });
});

describe('an app that works as an agent', () => {
  const thread = async (): Promise<{ channel: string; ts: string }> => {
    const posted = (await act(playground.world, { as: 'tom', do: 'message', text: 'plan my week' })).posted;
    if (posted === undefined) throw new Error('nothing was posted');
    return posted;
  };
  const eventsBy = async (request: ActRequest): Promise<unknown[]> =>
    (await sentBy(request)).map((payload) => payload.event);

  it('hears that its session got another title, with the old one', async () => {
    const { channel, ts } = await thread();
    const retitle = (text: string): Promise<unknown[]> =>
      eventsBy({ as: 'tom', do: 'retitle', channel, thread: ts, text });
    await expect(retitle('Week')).rejects.toThrow('no session');
    await callApi('agents.sessions.setStatus', { channel_id: channel, thread_ts: ts, status: 'processing' });
    const renamed = { type: 'agent_session_title_changed', user: 'U0TOM', channel, thread_ts: ts };
    const [first] = await retitle('Week');
    expect(first).toMatchObject({ ...renamed, title: 'Week' });
    expect(first).not.toHaveProperty('previous_title');
    expect(await retitle('Week 9')).toMatchObject([{ ...renamed, title: 'Week 9', previous_title: 'Week' }]);
    await expect(retitle('x'.repeat(201))).rejects.toThrow('1 to 200');
  });

  it('hears what somebody looks at while it is open, and nothing of what they may not see', async () => {
    const look = (request: Partial<ActRequest>): Promise<unknown[]> =>
      eventsBy({ as: 'tom', do: 'look', ...request });
    expect(await look({ channel: '#data-questions' })).toMatchObject([
      {
        type: 'app_context_changed',
        user: 'U0TOM',
        context: { entities: [{ type: 'slack#/types/channel_id', value: 'C0DATAQUESTIONS' }] },
      },
    ]);
    const { posted } = await act(playground.world, {
      as: 'tom',
      do: 'message',
      channel: '#data-questions',
      text: 'this one',
    });
    expect(await look({ channel: '#data-questions', message: posted?.ts ?? '' })).toMatchObject([
      {
        context: { entities: [{ type: 'slack#/types/message_context', value: { message_ts: posted?.ts } }] },
      },
    ]);
    expect(await look({})).toMatchObject([{ context: {} }]);
    await expect(look({ channel: '#nowhere' })).rejects.toThrow('nowhere');
  });

  it('is shown at work until its stream ends with another status of the session', async () => {
    const { channel, ts } = await thread();
    const status = (): string | undefined => playground.world.state.sessions.get(`${channel}:${ts}`)?.status;
    await callApi('agents.sessions.setStatus', { channel_id: channel, thread_ts: ts, status: 'processing' });
    expect(status()).toBe('is working on it…');
    const begun = await callApi('chat.startStream', { channel, thread_ts: ts });
    await callApi('chat.stopStream', { channel, ts: begun.ts, markdown_text: 'x', session_status: 'active' });
    expect(status()).toBe('');
  });

  it('hears that it was stopped', async () => {
    const { channel, ts } = await thread();
    expect(await eventsBy({ as: 'tom', do: 'stop', channel, thread: ts })).toMatchObject([
      { type: 'agent_session_stopped', channel, thread_ts: ts, streaming_message_ts: [] },
    ]);
  });
});

describe('subscriptions', () => {
  it('are all among the events that the stand-in can send', () => {
    for (const event of everyEvent) expect(knownEvents).toContain(event);
  });
});
