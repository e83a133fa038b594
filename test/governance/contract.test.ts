import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { startTestSteward, type TestSteward } from '../helpers/steward.js';
import { syncAgain } from '../helpers/sync-again.js';
import { told } from './until.js';

/** Pia's team loads payments under a contract; Ana answers for the domain; Cleo's dashboard and a metric are built on it. */
const contract = `
apiVersion: v3.0.2
kind: DataContract
id: payments-contract
name: Payments
version: 1.0.0
status: active
domain: finance
schema:
  - name: payments
    properties:
      - { name: payment_id, physicalType: integer, required: true, description: Key. }
      - { name: amount, physicalType: "numeric(10,2)", description: Money paid. }
      - { name: plan, physicalType: varchar(20), description: Plan. }
team:
  - { username: pia@acme.example, role: Data Owner }
`;

const project = `
version: 2
models:
  - name: payments
    description: One row per payment.
exposures:
  - name: board_pack
    label: Board pack
    type: dashboard
    url: https://bi.acme.example/d/board
    owner: { name: Cleo, email: cleo@acme.example }
    depends_on: [ref('payments')]
`;

let app: TestSteward;
let file: string;

beforeAll(async () => {
  const dir = await mkdtemp(path.join(os.tmpdir(), 'steward-contracts-'));
  file = path.join(dir, 'payments.odcs.yaml');
  await writeFile(file, contract);
  app = await startTestSteward({
    project,
    moreSources: [`{ type: odcs, name: contracts, path: ${JSON.stringify(dir)} }`],
    people: [
      { email: 'ana@acme.example', name: 'Ana', slack: 'U0ANA', teams: ['finance'] },
      { email: 'pia@acme.example', name: 'Pia', slack: 'U0PIA', teams: ['payments'] },
      { email: 'cleo@acme.example', name: 'Cleo', slack: 'U0CLEO', teams: ['sales'] },
    ],
    teams: ['{ id: finance, domains: [finance] }', '{ id: payments }', '{ id: sales }'],
    catalog: 'identity: [{ by: name, kinds: [model], sources: [acme, contracts] }]',
    config: 'authority: { dataTeam: [finance] }',
  });
});

/** The producer changes the contract, and the next read of the sources sees it. */
async function edit(change: (text: string) => string): Promise<void> {
  await writeFile(file, change(await readFile(file, 'utf8')));
  await syncAgain(app);
}

async function typed(): Promise<{ breaking: boolean; columns: string[] }> {
  const { schema_changes: changes, breaking } = await app.database.db
    .selectFrom('asset_version')
    .innerJoin('asset', 'asset.id', 'asset_version.asset_id')
    .select(['asset_version.schema_changes', 'asset_version.breaking'])
    .where('asset.source', '=', 'contracts')
    .orderBy('asset_version.number', 'desc')
    .executeTakeFirstOrThrow();
  return { breaking, columns: changes.map(({ column, change }) => `${column} ${change}`) };
}

describe('a data contract whose schema changes', () => {
  it('compatibly alarms nobody: its owner finds it in a draft, the producer hears nothing', async () => {
    await edit((text) =>
      text
        .replace('varchar(20)', 'varchar(40)')
        .replace(
          'team:',
          '      - { name: currency, physicalType: varchar(3), description: ISO code. }\nteam:',
        ),
    );
    expect(await typed()).toEqual({ breaking: false, columns: ['plan type', 'currency added'] });
    const draft = await told(app, { person: 'ana' }, 'Draft release note for finance');
    expect(draft.text).toContain('1 change. Nobody has been told yet.');
    expect(draft.text).toContain('column currency added (compatible)');
    expect(draft.text).not.toContain('breaking');
    // The contract's own columns are the same news in other words.
    expect(draft.text).not.toContain('"enforced"');
    expect(await app.messages({ person: 'pia' })).toEqual([]);
    expect(await app.messages({ person: 'cleo' })).toEqual([]);
  });

  it('in a way that breaks readers is typed so, names who is reached, and goes to its owner and to the producer, to nobody else', async () => {
    await edit((text) => text.replace(/ *- \{ name: plan.*\n/, '').replace('numeric(10,2)', 'numeric(8,2)'));
    expect(await typed()).toEqual({ breaking: true, columns: ['amount type', 'plan removed'] });
    const draft = await told(app, { person: 'ana' }, '2 changes, 1 breaking');
    expect(draft.text).toContain('column plan removed (breaking, against its contract)');
    expect(draft.text).toContain(
      'column amount changed from numeric(10,2) to numeric(8,2) (breaking, against its contract)',
    );
    expect(draft.text).toContain('Reaches: Board pack (Cleo)');
    const alarm = await told(app, { person: 'pia' }, 'The contract of payments is broken');
    expect(alarm.text).toContain('column plan removed (breaking, against its contract)');
    expect(alarm.text).toContain('Reaches: Board pack (Cleo)');
    expect(alarm.text).toContain('still a draft');
    // Deciding what everybody is told stays with the owner of the domain.
    expect(JSON.stringify(alarm.blocks)).not.toContain('release:send');
    expect(await app.messages({ person: 'cleo' })).toEqual([]);
  });

  it('reaches whoever answers for what is built on it once the note is sent', async () => {
    const draft = await told(app, { person: 'ana' }, '2 changes, 1 breaking');
    const sent = await app.act({ as: 'ana', do: 'click', message: draft.ts, action_id: 'release:send' });
    expect(sent.ok, sent.error).toBe(true);
    const note = await told(app, { person: 'cleo' }, 'What changed in finance');
    expect(note.text).toContain('column plan removed (breaking, against its contract)');
    expect(JSON.stringify(note.blocks)).toContain('You answer for something that is built on what broke.');
  });

  it('is told once, however often the source is read', async () => {
    await edit((text) => text);
    const alarms = (await app.messages({ person: 'pia' })).filter((one) => one.text.includes('is broken'));
    expect(alarms).toHaveLength(1);
  });
});
