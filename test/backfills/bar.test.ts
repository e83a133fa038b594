import { afterAll, beforeAll, expect, it } from 'vitest';
import { showProgress } from '../../src/backfills/progress.js';
import type { EffectServices } from '../../src/effects/effect.js';
import { slackUpdate } from '../../src/effects/slack-update.js';
import { startSlackStub } from '../incidents/slack-stub.js';
import { drain } from './drain.js';
import { makeWorld, type World } from './world.js';

/** Messages that show the one backfill: more than the budget could move at every step. */
const shown = 12;
const days = 40;

let world: World;
let slack: Awaited<ReturnType<typeof startSlackStub>>;
/** When each message was updated, by the clock of the test. */
const updates: { ts: string; at: number; text: string }[] = [];

beforeAll(async () => {
  world = await makeWorld({
    policy: 'version: 1\nrules:\n  - { name: all, kind: backfill, autoApprove: In this test. }\n',
  });
  slack = await startSlackStub((call) => {
    if (call.method === 'chat.update')
      updates.push({
        ts: call.args.ts ?? '',
        at: world.services.clock.now().getTime(),
        text: call.args.text ?? '',
      });
    return {};
  });
});
afterAll(() => slack.stop());

/** Sends every update that is due, as the lanes do. */
async function sendDue(): Promise<void> {
  const { db, clock } = world.services;
  const services = { ...world.services, slack: slack.client } as unknown as EffectServices;
  const rows = await db
    .selectFrom('outbox')
    .select(['id', 'key', 'payload'])
    .where('kind', '=', 'slack.update')
    .where('state', '=', 'pending')
    .where('run_at', '<=', clock.now())
    .orderBy('id')
    .execute();
  for (const row of rows) {
    const result = await slackUpdate.run(services, row.payload, {
      key: row.key,
      attempt: 1,
      now: clock.now(),
      signal: new AbortController().signal,
    });
    const change =
      'again' in result ? { run_at: result.again } : { state: 'done' as const, finished_at: clock.now() };
    await db.updateTable('outbox').set(change).where('id', '=', row.id).execute();
  }
}

it('moves on 5 % or 15 s, all bars together at most 30 times in any minute, and ends on the last word', async () => {
  const { db, clock } = world.services;
  const asked = await world.ask('rita', { window: '2026-10-05 to 2026-11-13', concurrency: 1 });
  const load = () =>
    db.selectFrom('backfill').selectAll().where('id', '=', asked.id).executeTakeFirstOrThrow();
  await drain(world.services, { until: async () => (await load()).state === 'running' });
  await db.deleteFrom('slack_message').execute();
  await db.deleteFrom('outbox').execute();
  const now = clock.now();
  await db
    .insertInto('slack_message')
    .values(
      Array.from({ length: shown }, (_, index) => ({
        key: `bar:${index}`,
        card_kind: 'backfill',
        card_id: asked.id,
        variant: 'shown',
        channel_id: `C0BAR${index}`,
        ts: `1.${index}`,
        created_at: now,
        updated_at: now,
      })),
    )
    .execute();
  const chunks = await db
    .selectFrom('backfill_chunk')
    .select('id')
    .where('backfill_id', '=', asked.id)
    .orderBy('seq')
    .execute();
  expect(chunks).toHaveLength(days);

  // One day is rebuilt every 5 s, which is 2.5 %: the bar has something to say every 10 s.
  for (let second = 0; second < days * 5 + 150; second += 5) {
    clock.set(new Date(now.getTime() + second * 1000));
    const chunk = chunks[second / 5];
    if (chunk !== undefined) {
      await db
        .updateTable('backfill_chunk')
        .set({ state: 'succeeded', finished_at: clock.now() })
        .where('id', '=', chunk.id)
        .execute();
      const backfill = await load();
      await db.transaction().execute((trx) => showProgress(trx, backfill, clock.now()));
    }
    await sendDue();
  }

  const most = Math.max(
    ...updates.map(({ at }) => updates.filter((one) => one.at >= at && one.at < at + 60_000).length),
  );
  expect(most).toBeLessThanOrEqual(30);
  expect(most, 'the budget is used').toBeGreaterThan(25);
  for (let index = 0; index < shown; index += 1) {
    const own = updates.filter(({ ts }) => ts === `1.${index}`);
    expect(own.at(-1)?.text).toContain(`${days} of ${days} done`);
    for (const [place, one] of own.entries()) {
      const before = own[place - 1];
      if (before !== undefined) expect(one.at - before.at).toBeGreaterThanOrEqual(10_000);
    }
  }
  console.log(
    `${updates.length} updates of ${shown} bars in ${days * 5} s of a run: never more than ${most} in a minute, each bar ended on ${days} of ${days}`,
  );
}, 120_000);
