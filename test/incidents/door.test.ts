import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { startTestSteward, type TestSteward } from '../helpers/steward.js';
import { doorOf, until } from './door.js';

let app: TestSteward;
const minute = 60_000;

beforeAll(async () => {
  app = await startTestSteward({
    config: [
      'slack: { channels: { incidents: general } }',
      'authority: { dataTeam: [data] }',
      'incidents:',
      '  archiveChannelAfter: 7d',
      '  endpoints: [{ source: generic, id: main, auth: { type: bearer, secrets: [{ env: ALERTS }] } }, { source: openlineage, id: runs, auth: { type: bearer, secrets: [{ env: ALERTS }] } }]',
    ].join('\n'),
    env: { ALERTS: 'a secret of this test' },
  });
  await app.database.db.updateTable('clock').set({ demo: true }).where('id', '=', 1).execute();
}, 120_000);

async function play(path: string, body: Record<string, unknown>): Promise<void> {
  const response = await fetch(new URL(`/_play/${path}`, app.playground.url), {
    method: 'POST',
    headers: { authorization: `Bearer ${app.playground.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
}

const { newest, declare, command, deadWork } = doorOf(() => app);
const inChannel = async (channel: string) =>
  (await app.messages({ channel })).filter(({ ephemeral_to }) => ephemeral_to === undefined);
const textsOf = async (channel: string) => (await inChannel(channel)).map(({ text }) => text);

/** How often the stand-in has answered 429 so far. */
async function rateLimited(): Promise<number> {
  const response = await fetch(new URL('/_play/stats', app.playground.url), {
    headers: { authorization: `Bearer ${app.playground.token}` },
  });
  const { calls } = (await response.json()) as { calls: { refused: Record<string, number> } };
  return calls.refused.ratelimited ?? 0;
}

describe('ten minutes without Slack, in the middle of a Sev 1', () => {
  it('lose nothing, keep the order, and are caught up in one message per thing', async () => {
    const incident = await declare('orders are counted twice');
    const { channel_id } = await until(newest, ({ channel_state }) => channel_state === 'ready');
    const channel = channel_id ?? '';
    await until(
      () => textsOf(channel),
      (texts) => texts.some((text) => text.includes('orders are counted twice')),
    );
    const before = (await inChannel(channel)).length;

    await play('fault', { target: 'slack', kind: 'http_500', count: 100_000 });
    // What people do goes on: their presses reach Steward, only its own words do not reach Slack.
    await command(`/incident ack ${incident.number}`);
    for (let turn = 1; turn <= 10; turn += 1) {
      await command(`/incident note ${incident.number} step ${turn}`);
      await app.steward.advanceClock(minute);
      await sleep(150);
    }
    await command(`/incident identify ${incident.number} a join went wrong`);
    await command(`/incident mitigate ${incident.number} the join was put right`);
    await until(newest, ({ state }) => state === 'monitoring');
    expect(await inChannel(channel)).toHaveLength(before);

    await play('fault', { target: 'slack', kind: 'clear' });
    await app.steward.advanceClock(minute);
    const card = await until(
      () => inChannel(channel),
      (messages) => messages.some(({ text }) => /INC-\d+, Sev 1, monitoring/.test(text)),
      60_000,
    );
    // Ten notes and three moves later: the same messages, the newest state, no flood.
    expect(card.filter(({ text }) => text.includes('orders are counted twice'))).toHaveLength(1);
    expect(card.length - before).toBeLessThanOrEqual(4);
    const timeline = await app.database.db
      .selectFrom('incident_event')
      .select('text')
      .where('incident_id', '=', incident.id ?? '')
      .where('kind', '=', 'note')
      .orderBy('at')
      .orderBy('id')
      .execute();
    expect(timeline.map(({ text }) => text)).toEqual(
      Array.from({ length: 10 }, (_, index) => `step ${index + 1}`),
    );
    expect(await deadWork()).toEqual([]);
  }, 180_000);
});

describe('a storm of emoji', () => {
  it('is one entry per message, asks Slack once per message, and follows the last mark', async () => {
    await declare('emoji everywhere');
    const { channel_id, id } = await until(newest, ({ channel_state }) => channel_state === 'ready');
    const channel = channel_id ?? '';
    await app.act({ as: 'ben', do: 'join', channel });
    const posted: string[] = [];
    for (const text of ['rows are doubled', 'the join is the cause']) {
      await app.act({ as: 'ana', do: 'message', channel, text });
      posted.push(
        (
          await until(
            () => inChannel(channel),
            (all) => all.some((one) => one.text === text),
          )
        ).find((one) => one.text === text)?.ts ?? '',
      );
    }
    const [first = '', second = ''] = posted;
    const marks = ['pushpin', 'tada', 'eyes', 'rocket', 'fire', 'memo'];
    for (const value of marks)
      for (const as of ['ana', 'ben']) await app.act({ as, do: 'react', channel, message: first, value });
    await app.act({ as: 'ana', do: 'react', channel, message: second, value: 'pushpin' });
    const entries = async () =>
      app.database.db
        .selectFrom('incident_event')
        .select(['text', 'hidden'])
        .where('incident_id', '=', id ?? '')
        .where('origin', '=', 'emoji')
        .orderBy('at')
        .execute();
    await until(entries, (rows) => rows.length === 2);
    expect((await entries()).map(({ text }) => text)).toEqual(['rows are doubled', 'the join is the cause']);
    // One of two takes their pin back: the other's still stands.
    await app.act({ as: 'ana', do: 'react', channel, message: first, value: 'pushpin', remove: true });
    await sleep(500);
    expect((await entries())[0]?.hidden).toBe(false);
    await app.act({ as: 'ben', do: 'react', channel, message: first, value: 'pushpin', remove: true });
    await until(entries, (rows) => rows[0]?.hidden === true);
    expect(await deadWork()).toEqual([]);
    const followUps = await app.database.db
      .selectFrom('incident_task')
      .select('title')
      .where('incident_id', '=', id ?? '')
      .where('kind', '=', 'follow_up')
      .execute();
    expect(followUps).toEqual([{ title: 'rows are doubled' }]);
  }, 120_000);
});

describe('a thousand alerts in one minute', () => {
  it('are one incident and one message, and no rate limit is hit', async () => {
    const before = (await newest()).number ?? 0;
    const limited = await rateLimited();
    const messages = (await inChannel('general')).length;
    const at = app.steward.services.clock.now().getTime();
    for (let start = 0; start < 1_000; start += 50) {
      const replies = await Promise.all(
        Array.from({ length: 50 }, (_, step) =>
          fetch(new URL('/webhooks/generic/main', app.url), {
            method: 'POST',
            headers: { authorization: 'Bearer a secret of this test', 'content-type': 'application/json' },
            body: JSON.stringify({
              title: `row count of fct_orders, check ${(start + step) % 40}`,
              asset: 'fct_orders',
              kind: 'volume',
              at: new Date(at + (start + step) * 60).toISOString(),
            }),
          }),
        ),
      );
      for (const reply of replies) expect([200, 202]).toContain(reply.status);
    }
    await until(newest, ({ number }) => number === before + 1);
    await until(
      async () =>
        Number(
          (
            await app.database.db
              .selectFrom('alert_group')
              .select(({ fn }) => fn.sum('alerts').as('alerts'))
              .executeTakeFirstOrThrow()
          ).alerts,
        ),
      (alerts) => alerts === 1_000,
      90_000,
    );
    expect((await newest()).number).toBe(before + 1);
    expect((await inChannel('general')).length - messages).toBe(1);
    expect(await rateLimited()).toBe(limited);
    expect(await deadWork()).toEqual([]);
  }, 240_000);
});

describe('a run that fails, told by OpenLineage', () => {
  it('is a folded line in triage, and turns green when the same job runs through', async () => {
    const before = (await newest()).number ?? 0;
    const tell = async (eventType: string, runId: string): Promise<void> => {
      const reply = await fetch(new URL('/webhooks/openlineage/runs', app.url), {
        method: 'POST',
        headers: { authorization: 'Bearer a secret of this test', 'content-type': 'application/json' },
        body: JSON.stringify({
          eventType,
          eventTime: app.steward.services.clock.now().toISOString(),
          run: { runId, facets: { errorMessage: { message: 'disk full', programmingLanguage: 'SQL' } } },
          job: { namespace: 'airflow', name: 'load.refunds' },
          inputs: [],
          outputs: [{ namespace: 'pg', name: 'dw.core.refunds' }],
        }),
      });
      expect([200, 202]).toContain(reply.status);
    };
    await tell('FAIL', 'r1');
    const incident = await until(newest, ({ number }) => number === before + 1);
    expect(incident).toMatchObject({ state: 'triage', declared_via: 'alert' });
    const line = () => textsOf('general');
    const reference = `INC-${before + 1}`;
    await until(line, (texts) =>
      texts.some((text) => text.startsWith(reference) && text.includes('1 alert')),
    );
    await app.steward.advanceClock(5 * minute);
    await tell('COMPLETE', 'r2');
    await until(line, (texts) =>
      texts.some((text) => text.startsWith(reference) && text.includes('recovered')),
    );
    expect(await deadWork()).toEqual([]);
  }, 120_000);
});

describe('after the end', () => {
  it('the review stands in the channel, which is archived a week later; an incident that comes back gets a new one', async () => {
    await declare('late payouts', 'sev2');
    const opened = await until(newest, ({ channel_state }) => channel_state === 'ready');
    const { number } = opened;
    const channel = opened.channel_id ?? '';
    await command(`/incident ack ${number}`);
    await command(`/incident link ${number} started 2h ago`);
    await command(`/incident mitigate ${number} the job ran again`);
    await command(`/incident resolve ${number}`);
    await until(newest, ({ state }) => state === 'resolved');
    await command(`/incident close ${number}`);
    await app.act({ as: 'ana', do: 'submit', values: { cause: 'a full disk' } });
    await until(newest, ({ state }) => state === 'closed');
    await until(
      () => textsOf(channel),
      (texts) => texts.some((text) => text.startsWith(`Review of INC-${number}: late payouts.`)),
    );
    await app.steward.advanceClock(7 * 24 * 60 * minute + minute);
    await until(newest, ({ channel_state }) => channel_state === 'archived');
    const refused = await app.act({ as: 'ana', do: 'message', channel, text: 'anybody there?' });
    expect(refused.ok).toBe(false);
    await command(`/incident reopen ${number} the payouts are late again`);
    const again = await until(newest, ({ channel_state }) => channel_state === 'ready');
    expect(again.channel_id).not.toBe(channel);
    expect(await deadWork()).toEqual([]);
  }, 180_000);
});
