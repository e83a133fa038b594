import { beforeAll, describe, expect, it } from 'vitest';
import { startTestSteward, type TestSteward } from '../helpers/steward.js';

const project = `
version: 2
metrics:
  - name: refunds
    description: 'Refunds paid. <!channel> ask <@U0BEN> or <https://evil.example|the docs> & *do not* use it'
    type: simple
    type_params: { measure: refund_count }
  - name: orders
    description: Number of orders placed.
    type: simple
    type_params: { measure: placed }
  - name: orders
    description: Number of orders shipped.
    type: simple
    type_params: { measure: shipped }
`;

describe('what a catalog may hold', () => {
  let app: TestSteward;
  beforeAll(async () => {
    app = await startTestSteward({ project });
  });

  it('calls nobody by a description that holds a mention, in private and in the channel', async () => {
    const reply = await app.act({
      as: 'ana',
      do: 'command',
      channel: 'general',
      text: '/metric refunds',
    });
    await app.act({ as: 'ana', do: 'mention', channel: 'general', text: 'what does refunds mean?' });
    await expect
      .poll(async () => (await app.messages({ channel: 'general' })).filter((one) => one.thread_ts).length, {
        timeout: 15_000,
      })
      .toBeGreaterThan(0);
    const answers = (await app.messages({ channel: 'general' })).filter((one) => one.thread_ts);
    for (const said of [reply.reply, ...answers].map((one) => JSON.stringify(one))) {
      expect(said).toContain('Refunds paid');
      expect(said).not.toMatch(/<!channel>|<@U0BEN>|<https:\/\/evil/);
    }
  });

  it('keeps two metrics of one name apart and asks which', async () => {
    const { reply } = await app.act({
      as: 'ana',
      do: 'command',
      channel: 'general',
      text: '/metric orders',
    });
    expect(reply?.text).toContain('Which one do you mean?');
    expect(reply?.text).toContain('placed');
    expect(reply?.text).toContain('shipped');
  });

  it('asks back to a mention where its asker sees it: below it, and in its thread once that has replies', async () => {
    const general = () => app.messages({ channel: 'general' });
    const asked = async (thread?: string) => {
      const before = (await general()).length;
      const place = { as: 'ana', do: 'mention', channel: 'general', ...(thread ? { thread } : {}) } as const;
      expect((await app.act({ ...place, text: 'what does orders mean?' })).ok).toBe(true);
      const found = async () =>
        (await general()).slice(before).find(({ text }) => text.includes('Which one do you mean?'));
      await expect.poll(found, { timeout: 15_000 }).toMatchObject({ ephemeral_to: 'U0ANA' });
      return found();
    };
    expect((await asked())?.thread_ts).toBeUndefined();
    const answered = (await general()).find((one) => one.thread_ts && one.text.includes('Refunds paid'));
    expect(answered).toBeDefined();
    expect((await asked(answered?.thread_ts))?.thread_ts).toBe(answered?.thread_ts);
  });
});

it('shows its metrics off loopback to whoever has the token, and to nobody else', async () => {
  const app = await startTestSteward({ env: { HOST: '0.0.0.0', STEWARD_METRICS_TOKEN: 'of-the-scraper' } });
  const ask = (authorization?: string): Promise<Response> =>
    fetch(`${app.url}/metrics`, authorization === undefined ? {} : { headers: { authorization } });
  expect((await ask()).status).toBe(401);
  expect((await ask('Bearer of-the-scrapes')).status).toBe(401);
  expect((await ask('of-the-scraper')).status).toBe(401);
  const shown = await ask('Bearer of-the-scraper');
  expect(shown.status).toBe(200);
  expect(await shown.text()).toContain('steward_work_total');
});

it('shows its metrics off loopback to nobody where no token is set', async () => {
  const app = await startTestSteward({ env: { HOST: '0.0.0.0' } });
  const ask = await fetch(`${app.url}/metrics`, { headers: { authorization: 'Bearer ' } });
  expect(ask.status).toBe(401);
});
