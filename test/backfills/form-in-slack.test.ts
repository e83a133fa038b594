import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestSteward, type TestSteward } from '../helpers/steward.js';
import { type FakeServer, startFakeServer } from './fake-server.js';
import { ownSystem } from './own-system.js';

/** The form as a person meets it: typed, read back, mended, sent, through the stand-in for Slack. */
let fake: FakeServer;
let app: TestSteward;
beforeAll(async () => {
  fake = await startFakeServer();
  ownSystem(fake);
  app = await startTestSteward({
    config: `authority: { dataTeam: [data] }
executors: [{ name: own, type: webhook, url: ${JSON.stringify(`${fake.url}/run`)}, secret: { env: RUN_SECRET } }]`,
    env: { RUN_SECRET: 'shh' },
    project: `
version: 2
models:
  - name: fct_orders
    description: One row per order.
    config:
      meta:
        executor: { name: own, pipeline: fct_orders }
        partition: { grain: day, column: day, time_zone: Europe/Paris }
`,
  });
});
afterAll(() => fake.close());

interface Shown {
  blocks: { type: string; block_id?: string; text?: { text: string }; element?: Record<string, unknown> }[];
}

async function form(): Promise<Shown> {
  const answer = await fetch(new URL('/_play/views?person=ana', app.playground.url), {
    headers: { authorization: `Bearer ${app.playground.token}` },
  });
  const { views } = (await answer.json()) as { views: Shown[] };
  const top = views.at(-1);
  if (top === undefined) throw new Error('no form is open');
  return top;
}

/** What stands below the inputs; the update follows the ack. */
async function readBack(wanted: string): Promise<string> {
  const until = Date.now() + 15_000;
  for (;;) {
    const { blocks } = await form();
    const said = blocks.flatMap(({ text }) => (text === undefined ? [] : [text.text])).join('\n');
    if (said.includes(wanted) || Date.now() > until) return said;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('the window of a backfill in its form [B-read-back]', () => {
  it('is read back as exact partitions when the form opens with one', async () => {
    const opened = await app.act({
      as: 'ana',
      do: 'command',
      channel: 'general',
      text: '/backfill request fct_orders 2026-02-01 to 2026-02-03',
    });
    expect(opened).toMatchObject({ ok: true });
    expect(await readBack('2026-02-01')).toContain('3 days (Europe/Paris): 2026-02-01 to 2026-02-03');
  });

  it('is read back again when Enter is pressed in it, with what that would do', async () => {
    const typed = await app.act({ as: 'ana', do: 'click', action_id: 'backfill:window', value: '2026-02' });
    expect(typed).toMatchObject({ ok: true });
    const said = await readBack('28 days');
    expect(said).toContain('This would rebuild fct_orders');
    expect(said).toContain('28 days (Europe/Paris): 2026-02-01 to 2026-02-28');
    expect(said, 'and what is missing').toContain('The policy cannot be used');
    const window = (await form()).blocks.find(({ block_id }) => block_id === 'window');
    expect(window?.element).toMatchObject({
      initial_value: '2026-02',
      dispatch_action_config: { trigger_actions_on: ['on_enter_pressed'] },
    });
  });

  it('that cannot be read says so at once, and the same place shows the next', async () => {
    await app.act({ as: 'ana', do: 'click', action_id: 'backfill:window', value: 'soonish' });
    expect(await readBack('no window I can read')).toContain(':warning:');
    await app.act({ as: 'ana', do: 'click', action_id: 'backfill:window', value: '2026-01-31' });
    const said = await readBack('1 day ');
    expect(said).toContain('1 day (Europe/Paris): 2026-01-31');
    expect(said).not.toContain('no window I can read');
  });

  it('follows what is chosen beside it', async () => {
    await app.act({ as: 'ana', do: 'click', action_id: 'backfill:reprocess', value: 'missing' });
    expect(await readBack('cannot tell which partitions are missing')).toContain('Choose “all”');
  });
});
