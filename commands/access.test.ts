import { randomBytes } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeEmptyDatabase } from '../test/helpers/database.js';
import { startTestSteward, type TestSteward } from '../test/helpers/steward.js';

/** The whole way: form, two approvers, a real warehouse, as three people would click it. */
const suffix = randomBytes(4).toString('hex');
const provisioner = `prov_${suffix}`;
const ana = `ana_${suffix}`;
let warehouse: pg.Client;
let app: TestSteward;
let anaUrl = '';

const policy = `
version: 1
purposes: [{ id: audit, title: Audit, terms: Only what the audit names. }]
rules:
  - name: personal
    kind: access
    when: { classification: pii }
    purposes: [audit]
    ticket: { pattern: '^DATA-[0-9]+$', example: DATA-123 }
    limits: { maxDuration: 30d, durations: [1d, 7d] }
    stages: [{ name: Owner, from: [owner] }, { name: Governance, from: [{ team: governance }] }]
`;

const project = `
version: 2
sources:
  - name: marts
    database: lake
    schema: marts
    tables:
      - name: fct_orders
        description: One row per order.
        meta: { owner: ben@acme.example, tier: 1, classification: [pii] }
        columns: [{ name: order_id, description: Key. }]
`;

beforeAll(async () => {
  const empty = await makeEmptyDatabase('cmd');
  warehouse = new pg.Client({ connectionString: empty.adminUrl });
  await warehouse.connect();
  await warehouse.query(`
    create role ${provisioner} login password 'p';
    create role ${ana} login password 'a';
    grant connect on database ${empty.name} to ${ana}, ${provisioner};
  `);
  const url = (user: string, password: string): string => {
    const changed = new URL(empty.adminUrl);
    changed.username = user;
    changed.password = password;
    return changed.href;
  };
  anaUrl = url(ana, 'a');
  const dir = await mkdtemp(path.join(os.tmpdir(), 'steward-policy-'));
  const file = path.join(dir, 'access.yml');
  await writeFile(file, policy);
  app = await startTestSteward({
    project,
    env: { WAREHOUSE_URL: url(provisioner, 'p') },
    people: [
      { email: 'ana@acme.example', name: 'Ana', slack: 'U0ANA', teams: ['data'], warehouse: { main: ana } },
      { email: 'ben@acme.example', name: 'Ben', slack: 'U0BEN', teams: ['sales'] },
      { email: 'cleo@acme.example', name: 'Cleo', slack: 'U0CLEO', teams: ['governance'] },
    ],
    config: `
authority: { admins: [ben@acme.example], governance: [governance] }
policies: { files: [${JSON.stringify(file)}] }
warehouses: [{ name: main, type: postgres, url: { env: WAREHOUSE_URL } }]
`,
  });
  const [asset] = app.steward.services.catalog.current().view.byRelation('marts.fct_orders');
  const relation = asset?.relation ?? '';
  const parts = relation.split('.');
  const [table = '', schema = ''] = [...parts].reverse();
  await warehouse.query(
    `create schema "${schema}" authorization ${provisioner}; set role ${provisioner}; create table "${schema}"."${table}" (order_id int); reset role`,
  );
  relationInWarehouse = `"${schema}"."${table}"`;
});
let relationInWarehouse = '';

afterAll(async () => {
  await app.stop();
  await warehouse.query(`drop owned by ${provisioner}, ${ana} cascade; drop role ${provisioner}, ${ana}`);
  await warehouse.end();
});

async function canRead(): Promise<boolean> {
  const client = new pg.Client({ connectionString: anaUrl });
  await client.connect();
  try {
    await client.query(`select * from ${relationInWarehouse}`);
    return true;
  } catch {
    return false;
  } finally {
    await client.end();
  }
}

async function until<Result>(what: string, look: () => Promise<Result | undefined | false>): Promise<Result> {
  for (let step = 0; step < 100; step += 1) {
    const found = await look();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`waited in vain for: ${what}`);
}

const words = (view: unknown): string => JSON.stringify(view);
const dm = async (person: string, part: string) =>
  until(`${person} to be told "${part}"`, async () =>
    (await app.messages({ person })).find((message) => message.text.includes(part)),
  );

describe('/access', () => {
  it('shows who must approve before anything is sent, and corrects the form in place [A-form]', async () => {
    const opened = await app.act({ as: 'ana', do: 'command', text: '/access request fct_orders' });
    expect(opened.ok, opened.error).toBe(true);
    const view = words(opened.view);
    expect(view).toContain('Who has to approve');
    expect(view).toContain('*Owner:* Ben');
    expect(view).toContain('*Governance:* Cleo');
    expect(view).toContain('*Classification:* pii');
    const refused = await app.act({
      as: 'ana',
      do: 'submit',
      values: {
        'access:reason': 'to check the audit',
        'access:purpose': 'audit',
        'access:terms': ['accepted'],
        'access:ticket': 'nope',
      },
    });
    expect(words(refused)).toContain('It looks like DATA-123');
  });

  it('takes the request through both approvers to a query that works, and back [A-one-card]', async () => {
    const sent = await app.act({ as: 'ana', do: 'submit', values: { 'access:ticket': 'DATA-7' } });
    expect(sent.ok, sent.error).toBe(true);
    const card = await dm('ben', 'ACC-1');
    expect(card.text).toContain('Owner: waiting for Ben');
    expect(card.text, 'whoever reads no blocks decides on the same').toMatch(
      /Why: to check the audit\. Purpose: .+ \(terms accepted\)\. Ticket: DATA-7/,
    );
    const own = await app.act({ as: 'ana', do: 'command', text: '/access show 1' });
    expect(own.reply?.text).toContain('Waiting for approval');
    await app.act({ as: 'ben', do: 'click', action_id: 'approval:approve', message: card.ts });
    const second = await dm('cleo', 'Governance: waiting for Cleo');
    expect(await canRead()).toBe(false);
    await app.act({ as: 'cleo', do: 'click', action_id: 'approval:approve', message: second.ts });
    await dm('ana', 'is active until');
    expect(await canRead()).toBe(true);
    const approvers = await dm('ben', 'Approved by Ben, Cleo');
    expect(words(approvers.blocks)).not.toContain('approval:approve');
    const who = await app.act({ as: 'ben', do: 'command', text: '/access who fct_orders' });
    expect(who.reply?.text).toContain(`Ana (${ana}): select - Steward, ACC-1`);
    const notHers = await app.act({ as: 'ana', do: 'command', text: '/access revoke 1' });
    expect(notHers.reply?.text, 'before anybody writes a reason').toBe(
      'Only an owner of the data or an administrator of Steward may do that. Nothing was changed.',
    );
    const owners = await app.act({ as: 'ben', do: 'command', text: '/access revoke 1' });
    expect(words(owners.view)).toContain('Takes away ACC-1: every live grant of the same right');
    const back = await app.act({ as: 'ana', do: 'command', text: '/access return 1' });
    expect(back.ok, back.error).toBe(true);
    await dm('ana', 'is over');
    expect(await canRead()).toBe(false);
    const over = await app.act({ as: 'ben', do: 'command', text: '/access revoke 1' });
    expect(over.reply?.text).toContain('ACC-1 is over');
    const after = await app.act({ as: 'ana', do: 'command', text: '/access show 1' });
    expect(after.reply?.text).toMatch(
      /History:\n.* Ana asked: .*\n.* Ben approved "Owner".*\n.* Cleo approved "Governance".*\n.* Granted in the warehouse: .*\n(.*\n)*.* Taken back in the warehouse: /,
    );
  });

  it('shows App Home with what waits and what is held', async () => {
    await app.act({ as: 'ana', do: 'command', text: '/access request fct_orders' });
    await app.act({
      as: 'ana',
      do: 'submit',
      values: {
        'access:reason': 'once more, please',
        'access:purpose': 'audit',
        'access:terms': ['accepted'],
        'access:ticket': 'DATA-8',
      },
    });
    await dm('ben', 'ACC-2');
    const home = await app.act({ as: 'ben', do: 'home' });
    expect(words(home.view)).toContain('Waiting for me');
    const denied = await app.act({ as: 'ben', do: 'click', action_id: 'approval:deny', view: 'home' });
    expect(denied.ok, denied.error).toBe(true);
    expect(words(denied.view)).toContain('Deny this request');
    const done = await app.act({ as: 'ben', do: 'submit', values: { reason: 'use the masked view' } });
    expect(done.ok, done.error).toBe(true);
    const told = await dm('ana', 'Denied by Ben: use the masked view');
    expect(told.text).toContain('ACC-2');
    const note = await dm('ana', 'was not approved. Denied by Ben: use the masked view.');
    expect(note.thread_ts, 'a card that changes in place pings nobody').toBeDefined();
    const shown = await app.act({ as: 'ana', do: 'command', text: '/access show 2' });
    expect(shown.reply?.text).toMatch(
      /History:\n.* Ana asked: once more, please\n.* Ben denied "Owner": use the masked view$/,
    );
  });

  it('opens the form from plain words, and does nothing by words alone', async () => {
    const asked = await app.act({
      as: 'ana',
      do: 'message',
      text: 'I need access to fct_orders for a support case',
    });
    expect(asked.ok, asked.error).toBe(true);
    const message = await dm('ana', 'Access to fct_orders');
    expect(words(message.blocks)).toContain('Open the form');
    const opened = await app.act({ as: 'ana', do: 'click', action_id: 'form:open', message: message.ts });
    expect(words(opened.view)).toContain('fct_orders');
    expect(words(opened.view), 'what was said is not to be written again').toContain('for a support case');
  });

  it('answers what is private like what is not there', async () => {
    const unknown = await app.act({ as: 'cleo', do: 'command', text: '/access show 999' });
    expect(unknown.reply?.text).toContain('There is no such access request, or you may not see it');
  });
});
