import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requestAccess } from '../../src/access/request-access.js';
import { gatherRegistrations } from '../../src/app.js';
import { requestBackfill } from '../../src/backfills/request.js';
import { proposeChange } from '../../src/definitions/propose.js';
import { type FakeServer, startFakeServer } from '../backfills/fake-server.js';
import type { TestServices } from '../helpers/services.js';
import { canaries, makeWorld } from './hidden-world.js';
import { callerOf, homeOf, messagesOf, type Name, people, seen } from './walk.js';

/**
 * Requests in two worlds, one with hidden things and one in which they never were: access and backfills of open data, asked by people who may know of what is hidden and
 * by people who may not, and of hidden data among those who keep it. Then every card, list and App Home is looked at as everybody else gets it.
 */
const registrations = gatherRegistrations();
const keepers: readonly Name[] = ['hugo', 'hana'];
let runner: FakeServer;
let there: TestServices;
let gone: TestServices;

beforeAll(async () => {
  runner = await startFakeServer();
  runner.answer(() => ({ status: 200, body: { partitions: {} } }));
  const more = {
    warehouses: [{ name: 'warehouse', type: 'manual', team: 'data' }],
    executors: [{ name: 'runner', type: 'webhook', url: runner.url, secret: { env: 'RUNNER_SECRET' } }],
  };
  there = await makeWorld(true, more);
  gone = await makeWorld(false, more);
  for (const world of [there, gone]) await ask(world, world === there);
}, 60_000);

afterAll(() => runner.close());

async function ask(world: TestServices, withHidden: boolean): Promise<void> {
  const idOf = (name: string): string => world.catalog.current().view.byName(name)[0]?.id ?? '';
  const access = async (name: Name, dataset: string): Promise<void> => {
    // What was asked at one instant stands in no order.
    world.clock.advance(60_000);
    const { person, actor, now } = await callerOf(world, name);
    const [asked] = await requestAccess(world, {
      person,
      actor,
      assetIds: [idOf(dataset)],
      level: 'read',
      columns: [],
      reason: 'for the close',
      durationMs: 86_400_000,
      viewId: null,
      now,
    });
    expect(asked, `${name}, ${dataset}`).toMatchObject({ ok: true });
  };
  const backfill = async (name: Name, pipeline: string, window: string): Promise<void> => {
    world.clock.advance(60_000);
    const { person, actor, now } = await callerOf(world, name);
    const wish = {
      pipeline,
      window,
      reprocess: 'all',
      direction: 'forward',
      concurrency: 1,
      reason: 'late rows',
    } as const;
    await requestBackfill(world, { wish, person, actor, requestKey: `${name} ${pipeline}`, now });
  };
  await access('sam', 'fct_orders');
  await access('hugo', 'fct_orders');
  await backfill('sam', 'fct_orders', 'last 3 days');
  // Who asks may know that a hidden dashboard is built from it; who approves may not.
  await backfill('hugo', 'fct_orders', '2026-02-01 to 2026-02-03');
  world.clock.advance(60_000);
  const { person, actor, now } = await callerOf(world, 'hugo');
  await proposeChange(world, {
    wish: {
      kind: 'change',
      assetId: idOf('revenue'),
      wanted: {
        description: 'Money of orders paid, before tax.',
        label: 'Revenue',
        synonyms: [],
        caveats: [],
      },
      reason: 'as finance counts it',
      effectiveDate: '2026-03-10',
    },
    person,
    actor,
    viewId: 'of-hugo',
    now,
  });
  if (!withHidden) {
    world.clock.advance(120_000);
    return;
  }
  await access('hana', 'fct_wages');
  await backfill('hana', 'fct_wages', 'last 3 days');
}

const isKeeper = (place: string): boolean => keepers.some((name) => place === `${name}@example.com`);

describe('of requests about hidden and open data', () => {
  it('no card differs for who may not know of what is hidden, whoever asked', async () => {
    const sent = await messagesOf(there, (place) => !isKeeper(place));
    expect(sent.map(({ shown }) => shown).join()).toContain('BF-2');
    expect(sent).toEqual(await messagesOf(gone, (place) => !isKeeper(place)));
    expect([...new Set(sent.map(({ card }) => card))]).toEqual(
      expect.arrayContaining(['access-request', 'backfill', 'definition']),
    );
    for (const { shown } of sent) for (const word of canaries.hidden) expect(shown).not.toContain(word);
  });

  it('who keeps it is asked, and who may know of it reads what is built from it', async () => {
    const shown = (await messagesOf(there, isKeeper)).map((one) => one.shown).join();
    expect(shown).toContain('fct_wages');
    expect(shown).toContain('Wage board');
  });

  it.each(people)('nothing differs in what %s can list, look up and find in App Home', async (name) => {
    for (const [commandName, verb, words] of [
      ['access', 'mine', ''],
      ['access', 'pending', ''],
      ['access', 'who', 'fct_orders'],
      ['access', 'who', 'fct_wages'],
      ['access', 'show', '1'],
      ['access', 'show', '3'],
      ['backfill', 'list', ''],
      ['backfill', 'show', '1'],
      ['backfill', 'show', '2'],
      ['backfill', 'show', '3'],
      ['steward', 'status', ''],
    ] as const) {
      const command = registrations.commands.find((one) => one.name === commandName);
      const look = (world: TestServices) =>
        seen(async () =>
          command?.verbs.find((one) => one.name === verb)?.run(world, await callerOf(world, name), words),
        );
      const shown = await look(there);
      // Administrators keep requests: one that nobody else can end is theirs to end.
      if (name === 'adam' && verb === 'show' && commandName === 'access') continue;
      expect(shown, `/${commandName} ${verb} ${words}`).toBe(await look(gone));
      expect(shown).not.toBe('nothing');
    }
    expect(await homeOf(there, name)).toBe(await homeOf(gone, name));
  });
});
