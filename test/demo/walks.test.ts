import { afterAll, beforeAll, expect, it } from 'vitest';
import { redefined } from '../../demo/story/changed-project.js';
import { type Demo, type Message, startDemo } from './drive.js';

/** One demo for one story after the other, for to start it takes longer than most of them: the clock only goes forward. */
let demo: Demo;
const patience = { timeout: 60_000, interval: 500 };

beforeAll(async () => {
  demo = await startDemo();
}, 300_000);
afterAll(() => demo.stop(), 60_000);

const minute = 60_000;
const metric = () => demo.say('leo', '/metric tokens served');
const show = (number: number) => demo.say('aiko', `/incident show ${number}`);
const overflow = (on: Message): string => JSON.stringify(on.blocks);

it('a definition goes from a proposal over its approvals and a patch to the source, and is announced', {
  timeout: 5 * minute,
}, async () => {
  const answer = (words = '') => demo.say('leo', `/metric ${words}${redefined.metric}`);

  await demo.say('tomas', `/metric propose ${redefined.metric}`);
  const reason = 'Idle reserve is paid for and was left out of the cost.';
  await demo.submit('tomas', { description: redefined.description, reason });
  for (const as of ['grace', 'maya']) await demo.press(as, await demo.seen(as, /DEF-4/), 'approval:approve');
  await demo.seen('tomas', /approved, not yet in the source/);
  await expect.poll(answer, patience).toContain('and not in the source yet');
  await expect
    .poll(async () => JSON.stringify(await demo.messages('tomas')), patience)
    .toContain('+++ b/models/marts/inference.yml');

  await demo.story('definition-change');
  const note = await demo.heard('data-questions', /has a new definition \(DEF-4\)/);
  expect(note.text).toContain(`It is now: ${redefined.description}`);
  await expect.poll(answer, patience).toContain(redefined.description);
  expect(await answer()).not.toContain('not in the source yet');
  await expect
    .poll(() => answer('history '), patience)
    .toMatch(/Approved by Grace Kim and Maya Lindqvist \(DEF-4\)/);
});

it(
  'one click makes a mart wrong: one incident with picture and owners, answers warn, a backfill mends it, it is watched, closes by itself, and its review is exported',
  async () => {
    expect(await metric()).toContain('SAFE');
    await demo.story('wrong-mart');
    const card = await demo.heard('data-incidents', /^INC-1, Sev 1, investigating/);
    expect(card.text).toContain('Broken: fct_inference_usage_daily. Downstream: 9 metrics, 1 dashboard.');
    expect(overflow(card)).toContain('owned by Inference product');
    const room = 'inc-1-test-tokens_tie_to_gateway-fails-3-rows';
    const picture = await demo.heard(room, /^INC-1: what is broken and what it reaches/);
    expect(picture.thread_ts).toBe((await demo.heard(room, /^INC-1, Sev 1, investigating/)).ts);
    await demo.seen('grace', /^Something you own is part of INC-1/);
    await expect.poll(metric, patience).toMatch(/CAUTION since .*INC-1/);

    await demo.say('aiko', '/incident ack 1');
    await demo.say('aiko', '/incident role 1 lead');
    await demo.say('aiko', '/incident update 1');
    // What steward.yml says of a failing check: nothing has to be written.
    await demo.submit('aiko', {});
    await demo.heard(
      'inference',
      /^INC-1: A check of fct_inference_usage_daily fails.*Use instead: The state/,
    );
    await expect.poll(metric, patience).toContain('Use instead: The state before');
    await demo.heard(
      'board-numbers',
      /^INC-1, Sev 1, investigating.*A check of fct_inference_usage_daily fails/,
    );

    const live = await demo.heard(room, /^INC-1, Sev 1, investigating.*A check of/);
    await demo.choose('aiko', live, 'backfill:request');
    await demo.submit('aiko', { window: 'last 5 days' });
    await demo.press('grace', await demo.seen('grace', /^BF-1 /), 'approval:approve');
    await demo.seen('aiko', /^BF-1 .*: done/);
    await demo.story('nightly-run');
    await expect.poll(metric, patience).not.toContain('is broken');
    await expect.poll(() => demo.say('aiko', '/backfill show 1'), patience).toMatch(/done and verified/i);
    await demo.say('aiko', '/incident mitigate 1 BF-1 rebuilt the days');
    await expect.poll(() => show(1), patience).toContain('monitoring');
    await demo.clock('25h');
    // It is looked at every hour: what had not been read by then counts at the next look.
    let shown = 0;
    const laterStill = async () => {
      const said = await show(1);
      shown += 1;
      if (!said.includes('resolved') && shown % 20 === 0) await demo.clock('1h');
      return said;
    };
    await expect.poll(laterStill, { timeout: 100_000, interval: 1_000 }).toContain('resolved');
    await demo.story('nightly-run');
    await expect.poll(metric, patience).toContain('SAFE');

    await demo.say('aiko', '/incident timeline 1');
    await demo.act('aiko', 'click', { action_id: 'incident:key-times' });
    const started = Math.floor((await demo.now()) / 1_000) - 3 * 86_400;
    await demo.submit('aiko', { started });
    await demo.seen('aiko', /^The key times of INC-1 are put right/);
    await demo.say('aiko', '/incident close 1');
    await demo.submit('aiko', { cause: 'Retries of the gateway were counted as calls' });
    await demo.heard(room, /^Review of INC-1: .*Cause: Retries of the gateway/);

    const exported = (...more: string[]) => demo.cli('incident', 'export', '1', ...more);
    const document = await exported();
    for (const words of [
      '# INC-1: ',
      'cause: Retries of the gateway were counted as calls',
      'The data went bad',
      'BF-1',
      'monitoring → resolved',
    ])
      expect(document).toContain(words);
    expect(await exported('--format', 'html')).toMatch(/^<!doctype html>/i);
  },
  5 * minute,
);

it(
  'a data exposure shuts out who was let in, and security alone lets exactly those in again',
  async () => {
    const table = 'fct_gpu_hours_daily';
    const reads = (who: string) => demo.query(who, `select count(*) from marts.${table}`);
    const granted = async (who: string): Promise<string> => {
      await demo.say(who, `/access request ${table}`);
      await demo.submit(who, { duration: '30d', reason: 'Capacity of next month' });
      const { text } = await demo.seen(who, /^ACC-\d+, .*Active until/);
      await expect.poll(() => reads(who), patience).toBe(true);
      return /^ACC-\d+/.exec(text)?.[0] ?? '';
    };
    const given = await granted('leo');
    const returned = await granted('jonas');
    await demo.say('jonas', `/access return ${returned}`);
    await expect.poll(() => reads('jonas'), patience).toBe(false);

    await demo.say('tomas', `/incident declare Hours of single customers are visible in ${table}`);
    await demo.submit('tomas', { severity: 'sev2', flags: ['exposure'] });
    const { text } = await demo.seen('tomas', /^INC-\d+ is declared: Hours of single customers/);
    const number = Number(/^INC-(\d+)/.exec(text)?.[1]);
    const { channel: room } = await demo.seen('tomas', new RegExp(`^Welcome to INC-${number}`));
    const live = (): Promise<Message> =>
      demo.heard(room, new RegExp(`^INC-${number}, Sev 2, investigating: Hours of single`));

    // Whoever may not know of it hears what everybody hears of a number that is not there; who only answers for the data may not shut people out.
    await demo.say('leo', `/incident suspend ${number}`);
    await demo.seen('leo', new RegExp(`^There is no INC-${number}\\.`));
    await demo.say('tomas', `/incident suspend ${number}`);
    await demo.seen(
      'tomas',
      /^Only an administrator of Steward, the team Security, whoever leads the incident or an owner of the data may do that/,
    );
    expect(await reads('leo')).toBe(true);

    await demo.say('tomas', `/incident role ${number} lead`);
    await demo.seen('tomas', new RegExp(`^Tomas Vega is lead of INC-${number}`));
    await demo.choose('tomas', await live(), 'incident:suspend');
    expect(JSON.stringify(await demo.view('tomas'))).toContain(`${table} (1 grant)`);
    await demo.submit('tomas', { reason: 'single customers can be told apart' });
    await expect.poll(() => reads('leo'), patience).toBe(false);
    await demo.seen('leo', new RegExp(`^${given}.*is suspended for now`));
    await expect
      .poll(async () => JSON.stringify((await live()).blocks), patience)
      .toContain('1 of 1 shut out, as the warehouse confirms');

    await demo.say('tomas', `/incident restore ${number}`);
    await demo.seen('tomas', /^Only an administrator of Steward or the team Security may do that/);
    expect(await reads('leo')).toBe(false);
    await demo.choose('omar', await live(), 'incident:restore');
    await expect.poll(() => reads('leo'), patience).toBe(true);
    expect(await reads('jonas'), 'what was given back before stays so').toBe(false);
    await demo.say('omar', `/incident restore ${number}`);
    await demo.seen('omar', new RegExp(`^INC-${number} holds no grants back`));
  },
  5 * minute,
);
