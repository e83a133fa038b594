import { readFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Demo, startDemo } from './drive.js';

/**
 * The sample company's access, played from outside through the control API and by logging in to its warehouse, as anybody may. One
 * story after the other: the clock only goes forward.
 */
let demo: Demo;
let began = 0;
const dayMs = 86_400_000;
beforeAll(async () => {
  demo = await startDemo();
  began = await demo.now();
}, 300_000);
afterAll(() => demo.stop());

const masked = 'select count(*) from marts.dim_customers_masked';
const plain = 'select count(*) from marts.dim_customers';
const patience = 240_000;

/** Asks by the form and answers the request's card, as whoever asked sees it. */
async function ask(as: string, dataset: string, values: Record<string, unknown>) {
  const before = await referencesOf(as);
  const opened = await demo.act(as, 'command', { channel: 'general', text: `/access request ${dataset}` });
  expect(opened).toEqual(expect.objectContaining({ ok: true }));
  if (values.level === 'read') {
    await demo.act(as, 'click', { action_id: 'access:level', value: 'read' });
    const until = Date.now() + 20_000;
    while (!JSON.stringify(await demo.view(as)).includes('"purpose"') && Date.now() < until)
      await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await demo.submit(as, values);
  await expect.poll(() => referencesOf(as), { timeout: 60_000 }).not.toEqual(before);
  const reference = (await referencesOf(as)).find((one) => !before.includes(one)) ?? '';
  return { reference, card: await demo.seen(as, new RegExp(`^${reference}, `)) };
}

/** Numbers of the requests of which this person has a card. */
async function referencesOf(as: string): Promise<string[]> {
  const cards = (await demo.messages(as)).flatMap(({ text }) => /^(ACC-\d+), /.exec(text)?.[1] ?? []);
  return [...new Set(cards)];
}

const state = (as: string, reference: string, words: RegExp) =>
  demo.seen(as, new RegExp(`^${reference}, .*${words.source}`));

async function reminders(person: string, reference: string): Promise<number> {
  const all = await demo.messages(person);
  return all.filter(({ text }) => text.startsWith(`${reference} still waits`)).length;
}

/** As somebody with all rights in the warehouse, past Steward. */
async function behindStewardsBack(sql: string): Promise<void> {
  const server = z
    .object({ host: z.string(), port: z.number(), passwords: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readFileSync(path.join(demo.dataDir, 'postgres.json'), 'utf8')));
  const client = new pg.Client({
    host: server.host,
    port: server.port,
    user: 'postgres',
    password: server.passwords.postgres,
    database: 'warehouse',
  });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

describe('access in the demo', () => {
  let held = '';

  it(
    'reminds with growing waits, is handed to a colleague, and lets the holder query [D-remind] [D-reassign]',
    async () => {
      const { reference } = await ask('leo', 'dim_customers', {
        level: 'masked',
        duration: '30d',
        reason: 'Which plans do churned accounts have',
      });
      held = reference;
      const card = await state('jonas', reference, /waiting for Jonas Weber or Priya Raman/);
      await demo.clock('3h');
      await demo.clock('61m');
      await demo.seen('jonas', new RegExp(`^${reference} still waits \\(reminder 1\\)`));
      await demo.seen('priya', new RegExp(`^${reference} still waits \\(reminder 1\\)`));
      await demo.clock('7h');
      expect(await reminders('jonas', reference), 'the second wait is twice as long').toBe(1);
      await demo.clock('62m');
      await demo.seen('jonas', new RegExp(`^${reference} still waits \\(reminder 2\\)`));

      await demo.choose('jonas', card, 'approval:reassign');
      await demo.submit('jonas', { person: 'U0GRACE', reason: 'She looks after plans' });
      const hers = await state('grace', reference, /waiting for Grace Kim for Jonas Weber or Priya Raman/);
      expect(await demo.query('leo', masked)).toBe(false);
      await demo.press('grace', hers, 'approval:approve');
      await state('leo', reference, /Active until .*Approved by Grace Kim/);
      expect(await demo.query('leo', masked)).toBe(true);
      expect(await demo.query('leo', plain), 'the masked view alone').toBe(false);
    },
    patience,
  );

  it(
    'warns before the end and runs on after one click [D-extend]',
    async () => {
      await demo.clock('29d');
      const warning = await demo.seen('leo', new RegExp(`^${held} .*ends .*Extend it if you still need it`));
      await demo.press('leo', warning, 'access:extend');
      await demo.seen('leo', new RegExp(`^${held} now runs 30 days longer`));
      await demo.clock('2d');
      expect(await demo.query('leo', masked)).toBe(true);
      expect(await demo.say('leo', '/access mine')).toContain(`${held}: masked on dim_customers, active`);
    },
    patience,
  );

  it(
    'is given back early, and the card says what the warehouse says then [D-return]',
    async () => {
      await demo.press('leo', await state('leo', held, /Active/), 'access:return');
      await state('leo', held, /Given back/);
      await demo.seen('leo', new RegExp(`^${held} .*is over. The warehouse says: leo_martins cannot read`));
      expect(await demo.query('leo', masked)).toBe(false);
    },
    patience,
  );

  it(
    'lets a stand-in decide while the owner is on holiday, and not after [D-delegation]',
    async () => {
      const home = await demo.act('jonas', 'home');
      expect(home, 'with nothing waiting for him').toEqual(expect.objectContaining({ ok: true }));
      expect(await demo.act('jonas', 'click', { action_id: 'approval:delegate' })).toEqual(
        expect.objectContaining({ ok: true }),
      );
      const clock = await demo.now();
      await demo.submit('jonas', {
        person: 'U0GRACE',
        start: Math.floor(clock / 1_000) - 60,
        end: Math.floor(clock / 1_000) + 5 * 86_400,
        reason: 'Holiday',
      });
      await demo.seen('jonas', /Grace Kim stands in for you until/);
      const first = await ask('leo', 'dim_customers', {
        level: 'masked',
        duration: '7d',
        reason: 'The same question again',
      });
      await demo.press('grace', await state('grace', first.reference, /waiting for/), 'approval:approve');
      await state('leo', first.reference, /Active until .*Approved by Grace Kim/);
      await demo.clock('6d');
      const second = await ask('aiko', 'dim_customers', {
        level: 'masked',
        duration: '7d',
        reason: 'Which plans use most tokens',
      });
      await state('jonas', second.reference, /waiting for/);
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      expect((await demo.messages('grace')).some(({ text }) => text.startsWith(second.reference))).toBe(
        false,
      );
      held = first.reference;
    },
    patience,
  );

  it(
    'is revoked by its owner with a reason that the holder reads [D-revoke]',
    async () => {
      await demo.say('priya', `/access revoke ${held}`);
      await demo.submit('priya', { reason: 'The question was answered in the meeting' });
      await demo.seen('leo', new RegExp(`^${held}.*The question was answered in the meeting`));
      await state('leo', held, /[Rr]evoked/);
      expect(await demo.query('leo', masked)).toBe(false);
    },
    patience,
  );

  it(
    'in an emergency is there at once, everybody who was skipped is told, and one team reviews it [D-break-glass]',
    async () => {
      const { reference, card } = await ask('tomas', 'dim_customers', {
        level: 'read',
        duration: '1d',
        purpose: 'analysis',
        terms: ['accepted'],
        reason: 'Invoices of these customers failed to load',
      });
      await demo.press('tomas', card, 'approval:break-glass');
      await demo.submit('tomas', {
        minutes: '30',
        reason: 'Invoices go out wrong at noon',
        confirm: ['yes'],
      });
      const words = new RegExp(`Break-glass: Tomas Vega took what ${reference} asks for .* for 30 minutes`);
      for (const skipped of ['jonas', 'priya', 'ingrid', 'noor']) {
        const told = await demo.seen(skipped, words);
        expect(told.text).toContain('4 approvers were skipped');
        expect(JSON.stringify(told.blocks), skipped).not.toContain('approval:review-justified');
      }
      await state('tomas', reference, /Break-glass by Tomas Vega/);
      await demo.seen('tomas', new RegExp(`^${reference} .*is active until`));
      expect(await demo.query('tomas', plain)).toBe(true);
      await demo.press('omar', await demo.seen('omar', words), 'approval:review-justified');
      await demo.seen('jonas', /Break-glass.*Omar Haddad found it justified/);
      await demo.seen('omar', /Break-glass.*Omar Haddad found it justified/);
      await demo.clock('31m');
      await state('tomas', reference, /Over/);
      expect(await demo.query('tomas', plain)).toBe(false);
    },
    patience,
  );

  it(
    'that somebody took away by hand is given again where policy says so, and the owner reads of it in the morning [D-drift]',
    async () => {
      const { reference } = await ask('leo', 'fct_gpu_hours_daily', { duration: '30d', reason: 'Capacity' });
      await state('leo', reference, /Active/);
      const sql = 'select count(*) from marts.fct_gpu_hours_daily';
      expect(await demo.query('leo', sql)).toBe(true);
      await behindStewardsBack(
        'set role steward_provisioner; revoke select on marts.fct_gpu_hours_daily from leo_martins',
      );
      expect(await demo.query('leo', sql)).toBe(false);
      await demo.clock('61m');
      await expect.poll(() => demo.query('leo', sql), { timeout: 60_000 }).toBe(true);
      await demo.clock('3d');
      await demo.seen(
        'hana',
        /A grant of Steward's on .*fct_gpu_hours_daily is gone.*Steward grants it again/,
      );
    },
    patience,
  );

  it(
    'is reviewed by its owner in a campaign: kept, taken away, or taken at the deadline where nobody says anything [D-recertification]',
    async () => {
      // Campaigns are quarterly, and the first finds nothing on day one: the second finds what was given meanwhile.
      const passed = (await demo.now()) - began;
      await demo.clock(`${Math.max(1, Math.floor((89 * dayMs - passed) / 3_600_000))}h`);
      const wish = { level: 'masked', duration: '90d', reason: 'Plan report' };
      const kept = await ask('grace', 'dim_customers', wish);
      const removed = await ask('leo', 'dim_customers', wish);
      const silent = await ask('hana', 'dim_customers', wish);
      for (const { reference } of [kept, removed, silent])
        await demo.press('priya', await state('priya', reference, /waiting for/), 'approval:approve');
      await state('grace', kept.reference, /Active/);
      await state('leo', removed.reference, /Active/);
      await state('hana', silent.reference, /Active/);
      for (const person of ['grace', 'leo', 'hana'])
        expect(await demo.query(person, masked), person).toBe(true);
      await demo.clock('48h');
      const words = /^Review "personal-data-quarterly": do these people still need access/;
      const { person, list } = await Promise.any(
        ['jonas', 'priya', 'maya'].map(async (one) => ({ person: one, list: await demo.seen(one, words) })),
      );
      for (const { reference } of [kept, removed, silent]) expect(list.text).toContain(reference);
      expect(list.text).toContain('what you do not confirm is revoked');
      expect(JSON.stringify(list.blocks)).toContain('access:review-keep-all');
      await decide(person, 'Keep', kept.reference);
      await demo.seen(person, /^Review .*1 of 3 decided/);
      await decide(person, 'Revoke', removed.reference);
      await demo.seen(person, /^Review .*2 of 3 decided/);
      await state('leo', removed.reference, /[Rr]evoked/);
      expect(await demo.query('leo', masked)).toBe(false);
      expect(await demo.query('hana', masked)).toBe(true);
      await demo.clock('360h');
      await state('hana', silent.reference, /[Rr]evoked/);
      expect(await demo.query('hana', masked)).toBe(false);
      expect(await demo.query('grace', masked)).toBe(true);
      await demo.seen(
        person,
        /^Review "personal-data-quarterly" is over: 1 kept, 2 revoked, 1 of them because nobody decided/,
      );

      expect(await demo.say('leo', '/access review start personal-data-quarterly')).toMatch(/^$|Only /);
      await demo.say('noor', '/access review start personal-data-quarterly');
      await demo.seen('noor', /^The review “personal-data-quarterly” has begun: 1 owner is asked/);
      const again = await demo.seen(person, /^Review "personal-data-quarterly": do these.* 0 of 1 decided/);
      await demo.press(person, again, 'access:review-keep-all');
      await demo.seen(person, /^1 grant is kept/);
      await demo.seen(person, /^Review .* the 1 grant on your datasets is decided: 1 kept, 0 revoked/);
      expect(await demo.query('grace', masked)).toBe(true);

      const exported = await demo.cli('audit', 'export', '--campaign', 'personal-data-quarterly');
      const lines = exported
        .trim()
        .split('\n')
        .map((line) =>
          z
            .looseObject({ reference: z.string(), decision: z.string(), bySilence: z.boolean() })
            .parse(JSON.parse(line)),
        );
      expect(
        lines.map(({ reference, decision, bySilence }) => `${reference} ${decision} ${bySilence}`),
      ).toEqual([
        `${kept.reference} keep false`,
        `${removed.reference} revoke false`,
        `${silent.reference} revoke true`,
        `${kept.reference} keep false`,
      ]);
    },
    patience,
  );
});

/** Presses the button of that line of the list. */
async function decide(person: string, verdict: 'Keep' | 'Revoke', reference: string): Promise<void> {
  const list = await demo.seen(person, /^Review "personal-data-quarterly": do these/);
  const button = z.object({ value: z.string(), action_id: z.string(), accessibility_label: z.string() });
  const found = list.blocks
    .flatMap((block) => (Array.isArray(block.elements) ? block.elements : []))
    .flatMap((element) => button.safeParse(element).data ?? [])
    .find((element) => element.accessibility_label === `${verdict} ${reference}`);
  if (found === undefined) throw new Error(`no ${verdict} for ${reference}`);
  await demo.press(person, list, found.action_id, found.value);
}
