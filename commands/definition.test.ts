import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestSteward, type TestSteward } from '../test/helpers/steward.js';
import { syncAgain } from '../test/helpers/sync-again.js';

/** The whole way as people click it: form, two approvers, patch, source, announcement. */
const policy = `
version: 1
rules:
  - name: board
    kind: definition
    when: { facts: { board: true } }
    reason: { minLength: 10 }
    stages: [{ name: Owner, from: [owner] }, { name: Finance, from: [{ team: finance }] }]
  - name: other
    kind: definition
    stages: [{ name: Owner, from: [owner] }]
`;

const project = `
version: 2
# What the board reads.
metrics:
  - name: mrr
    label: MRR
    description: Recurring fees of the month.
    type: simple
    type_params: { measure: mrr }
    config: { tags: [board-metric], meta: { owner: ana@acme.example, tier: 1, caveats: [none known] } }
  - name: bookings
    label: Bookings
    description: Signed contracts of the month. # by signature
    type: simple
    type_params: { measure: bookings }
    config: { meta: { owner: ana@acme.example, tier: 2 } }
  - name: bookings_share
    label: Bookings share
    description: Bookings of mine by all bookings.
    type: derived
    type_params: { expr: bookings / 2, metrics: [bookings] }
    config: { meta: { owner: cleo@acme.example, tier: 2 } }
`;

let app: TestSteward;

beforeAll(async () => {
  const dir = await mkdtemp(path.join(os.tmpdir(), 'steward-policy-'));
  const file = path.join(dir, 'definition.yml');
  await writeFile(file, policy);
  app = await startTestSteward({
    project,
    people: [
      { email: 'ana@acme.example', name: 'Ana', slack: 'U0ANA', teams: ['data'] },
      { email: 'ben@acme.example', name: 'Ben', slack: 'U0BEN', teams: ['sales'] },
      { email: 'cleo@acme.example', name: 'Cleo', slack: 'U0CLEO', teams: ['finance'] },
    ],
    config: `
policies: { files: [${JSON.stringify(file)}] }
slack: { channels: { announcements: general, approvals: general } }
`,
  });
});

afterAll(async () => app.stop());

async function until<Result>(what: string, look: () => Promise<Result | undefined | false>): Promise<Result> {
  for (let step = 0; step < 150; step += 1) {
    const found = await look();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`waited in vain for: ${what}`);
}

const words = (view: unknown): string => JSON.stringify(view);
const told = async (where: { person: string } | { channel: string }, part: string) =>
  until(`${words(where)} to be told "${part}"`, async () =>
    (await app.messages(where)).find((message) => message.text.includes(part)),
  );

const sourceDir = (): string => String(app.steward.services.config.catalog.sources[0]?.path);

async function sync(): Promise<void> {
  await syncAgain(app);
}

describe('/metric propose', () => {
  it('shows the present text and who must approve, and corrects the form in place', async () => {
    const opened = await app.act({ as: 'ben', do: 'command', text: '/metric propose mrr' });
    expect(opened.ok, opened.error).toBe(true);
    const view = words(opened.view);
    expect(view).toContain('Recurring fees of the month.');
    expect(view).toContain('Has to approve: Owner (Ana), then Finance (Cleo)');
    const refused = await app.act({
      as: 'ben',
      do: 'submit',
      values: { reason: 'Two teams read it in two ways.' },
    });
    expect(words(refused)).toContain('That is what it says already');
    const taken = await app.act({ as: 'ben', do: 'submit', values: { label: 'Bookings' } });
    expect(words(taken)).toContain('is the name of something else already');
  });

  it('goes through both approvers to a patch, the source and the announcement', async () => {
    const sent = await app.act({
      as: 'ben',
      do: 'submit',
      values: { label: 'MRR', description: 'Recurring fees of the month: usage is not in it.' },
    });
    expect(sent.ok, sent.error).toBe(true);
    const first = await told({ person: 'ana' }, 'DEF-1');
    expect(first.text).toContain('usage is not in it');
    await app.act({ as: 'ana', do: 'click', action_id: 'approval:approve', message: first.ts });
    const second = await told({ person: 'cleo' }, 'Finance: waiting for Cleo');
    await app.act({ as: 'cleo', do: 'click', action_id: 'approval:approve', message: second.ts });
    await told({ person: 'ben' }, 'approved, not yet in the source');

    const asked = await app.act({ as: 'ben', do: 'command', text: '/metric mrr' });
    expect(asked.reply?.text).toContain('A new definition is approved (DEF-1');
    expect(asked.reply?.text).toContain('not in the source yet');

    const change = await until('the patch', async () => {
      const row = await app.steward.services.db
        .selectFrom('definition_change')
        .select(['patch', 'patch_file', 'thread_permalink'])
        .where('number', '=', 1)
        .executeTakeFirst();
      return row?.patch ? row : undefined;
    });
    expect(change.patch_file).toBe('models/schema.yml');
    expect(change.thread_permalink).toMatch(/^https?:/);
    await until('the patch on the card', async () =>
      (await app.messages({ person: 'ben' })).some((message) =>
        words(message.blocks).includes('+++ b/models/schema.yml'),
      ),
    );
    await writeFile(path.join(sourceDir(), 'change.patch'), change.patch ?? '');
    execFileSync('git', ['apply', 'change.patch'], { cwd: sourceDir() });
    const file = await readFile(path.join(sourceDir(), 'models/schema.yml'), 'utf8');
    expect(file).toContain('# What the board reads.');

    await sync();
    const note = await told({ channel: 'general' }, 'MRR has a new definition (DEF-1)');
    expect(note.text).toContain('It is now: Recurring fees of the month: usage is not in it.');
    await told({ person: 'ben' }, 'in the source');
    const after = await app.act({ as: 'ben', do: 'command', text: '/metric mrr' });
    expect(after.reply?.text).toContain('usage is not in it');
    expect(after.reply?.text).not.toContain('DEF-1');
  });

  it('opens from the details of an answer', async () => {
    const asked = await app.act({ as: 'ben', do: 'command', text: '/metric mrr' });
    expect(asked.ok, asked.error).toBe(true);
    const more = await app.act({ as: 'ben', do: 'click', action_id: 'answer:more' });
    expect(more.ok, more.error).toBe(true);
    const form = await app.act({ as: 'ben', do: 'click', action_id: 'answer:propose' });
    expect(form.ok, form.error).toBe(true);
    expect(words(form.view)).toContain('Propose a definition');
  });
});

describe('/metric deprecate', () => {
  it('tells who builds on it once the owner agrees, and answers point to the successor', async () => {
    const opened = await app.act({ as: 'ben', do: 'command', text: '/metric deprecate bookings' });
    expect(opened.ok, opened.error).toBe(true);
    expect(words(opened.view)).toContain('Bookings share');
    const unknown = await app.act({
      as: 'ben',
      do: 'submit',
      values: { successor: 'nothing like it', reason: 'Nobody signs any more.' },
    });
    expect(words(unknown)).toContain('The catalog has nothing called');
    const sent = await app.act({ as: 'ben', do: 'submit', values: { successor: 'MRR' } });
    expect(sent.ok, sent.error).toBe(true);
    const card = await told({ person: 'ana' }, 'DEF-2');
    expect(card.text).toContain('Use mrr instead');
    await app.act({ as: 'ana', do: 'click', action_id: 'approval:approve', message: card.ts });
    const notice = await told({ person: 'cleo' }, 'Bookings is deprecated; last day');
    expect(notice.text).toContain('Something you own is built from it');
    const asked = await app.act({ as: 'ben', do: 'command', text: '/metric bookings' });
    expect(asked.reply?.text).toContain('Its deprecation is approved (DEF-2)');
  });
});
