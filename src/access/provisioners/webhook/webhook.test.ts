import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { returnAccess } from '../../end-access.js';
import { makeAccessFixture } from '../../fixture.js';
import { webhookProvisioner } from './index.js';

/** The receiver that docs/provisioners.md prints, in a process of its own. */
const folder = mkdtempSync(path.join(os.tmpdir(), 'steward-receiver-'));
const file = path.join(folder, 'receiver.mjs');
const printed = /```js file=receiver\.mjs\n([\s\S]*?)```/.exec(readFileSync('docs/provisioners.md', 'utf8'));
writeFileSync(file, printed?.[1] ?? '');
const port = await freePort();
let said = '';
const receiver: ChildProcess = spawn(process.execPath, [file], {
  env: { PATH: process.env.PATH, PORT: String(port), GRANTS_SECRET: 'shh' },
  stdio: ['ignore', 'pipe', 'inherit'],
});
await new Promise<void>((resolve) => {
  receiver.stdout?.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8');
    if (said.includes('listening')) resolve();
  });
});
afterAll(() => {
  receiver.kill();
  rmSync(folder, { recursive: true, force: true });
});

const entry = {
  name: 'byhand',
  type: 'webhook',
  url: `http://127.0.0.1:${port}/steward`,
  signingSecret: { env: 'GRANTS_SECRET' },
  probe: true,
};
const fixture = await makeAccessFixture(
  undefined,
  () => ({ warehouses: [{ name: 'main', type: 'postgres', embedded: true }, entry] }),
  { GRANTS_SECRET: 'shh' },
);
const { services } = fixture;
const changes = () => said.split('\n').filter((line) => line.startsWith('access.'));

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

/** What the last look at the receiver told, as the card shows it. */
async function lastProbe(requestId: string): Promise<unknown> {
  const event = await services.db
    .selectFrom('access_event')
    .select('detail')
    .where('request_id', '=', requestId)
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow();
  return event.detail;
}

describe('a system of the company’s own, behind the receiver that the documentation prints', () => {
  it('gives access, is asked what it gave, and takes it back [A-webhook-receiver] [provisioner webhook: real]', async () => {
    services.clock.set(new Date());
    const { requestId } = await fixture.ask('maya', { dataset: 'sheet' });
    await fixture.work();
    expect((await fixture.row(requestId)).state).toBe('active');
    expect(await lastProbe(requestId)).toMatchObject({
      can: true,
      probe: 'maya@example.com has read access to finance.sheet',
    });
    await returnAccess(services, {
      requestId,
      person: await fixture.person('maya'),
      actor: await fixture.actor('maya'),
      now: services.clock.now(),
    });
    await fixture.work();
    expect((await fixture.row(requestId)).state).toBe('ended');
    expect(await lastProbe(requestId)).toMatchObject({ can: false });
    expect(changes()).toEqual([
      'access.grant maya@example.com read finance.sheet ',
      'access.revoke maya@example.com read finance.sheet ',
    ]);
  });

  it('does one change once, however often it is told, and nothing that is wrongly signed or old', async () => {
    const before = changes().length;
    const make = (secret: string, now = new Date()) =>
      webhookProvisioner.make(webhookProvisioner.config.parse(entry), {
        name: 'byhand',
        secret: () => secret,
        fetch: globalThis.fetch,
        now: () => now,
      });
    const right = { login: 'owen', relation: 'finance.sheet', level: 'write' as const, columns: [] };
    const params = {
      key: 'twice',
      now: new Date(),
      until: null,
      keep: [],
      companions: [],
      signal: AbortSignal.timeout(10_000),
    };
    await make('shh').grant(right, params);
    await make('shh').grant(right, params);
    expect(changes()).toHaveLength(before + 1);
    const hourAgo = new Date(Date.now() - 3_600_000);
    for (const refused of [make('guessed'), make('shh', hourAgo)])
      await expect(refused.grant(right, { ...params, key: 'other' })).rejects.toMatchObject({
        code: 'warehouse_refused',
        missing: 'right',
      });
    expect(changes()).toHaveLength(before + 1);
  });
});
