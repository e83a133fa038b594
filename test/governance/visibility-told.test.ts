import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { gatherRegistrations } from '../../src/app.js';
import type { AssetDraft, SourceSnapshot } from '../../src/catalog/asset.js';
import { storeSnapshot } from '../../src/catalog/store-snapshot.js';
import { declareIncident } from '../../src/incidents/declare.js';
import { noteEvidence } from '../../src/incidents/evidence.js';
import { resolve } from '../../src/incidents/life.js';
import { mute } from '../../src/incidents/mute.js';
import { sendNote } from '../../src/releases/decide.js';
import { tellOfChanges } from '../../src/releases/tell-of-changes.js';
import { cards } from '../../src/slack/cards/registry.js';
import { subscribe } from '../../src/subscriptions/subscribe.js';
import type { TestServices } from '../helpers/services.js';
import { canaries, makeWorld, snapshotOf } from './hidden-world.js';
import { callerOf, homeOf, messagesOf, type Name, people, seen } from './walk.js';

/**
 * A busy day in two worlds, one with hidden things and one in which they never were: a source changes, incidents with evidence from both, mutes, subscriptions, a
 * release note written and sent, notices that wait for the morning. Then every message that was made is rendered as it would be sent.
 */
const registrations = gatherRegistrations();
let there: TestServices;
let gone: TestServices;

beforeAll(async () => {
  there = await makeWorld(true);
  gone = await makeWorld(false);
  for (const world of [there, gone]) await live(world, world === there);
}, 60_000);

async function live(world: TestServices, withHidden: boolean): Promise<void> {
  const { view } = world.catalog.current();
  const idOf = (name: string): string => view.byName(name)[0]?.id ?? '';
  const by = async (name: Name) => {
    const { person, actor } = await callerOf(world, name);
    return { person, actor, now: world.clock.now() };
  };
  const snapshot = snapshotOf(withHidden);
  await sync(world, snapshot);
  world.clock.advance(3_600_000);
  for (const name of ['olga', 'sam', 'hugo'] as const)
    await subscribe(world, { subject: { domain: 'money' }, ...(await by(name)) });
  await subscribe(world, { subject: { domain: 'money' }, ...(await by('olga')), channelId: 'C0PUBLIC' });

  // Who asked hears of it in the morning.
  await world.db
    .insertInto('question')
    .values({
      id: randomUUID(),
      at: world.clock.now(),
      person_id: await world.personId('nina@example.com'),
      surface: 'command',
      text: 'what is revenue?',
      folded: 'revenue',
      intent: 'define',
      outcome: 'answered',
      asset_id: idOf('revenue'),
      use: 'general',
      ms: 1,
    })
    .execute();

  // The source changes what is open and what is hidden, in meaning and in shape.
  world.clock.advance(3_600_000);
  await sync(world, {
    ...snapshot,
    assets: snapshot.assets.map(changed),
    signals: failing(world, withHidden),
  });

  world.clock.advance(3_600_000);
  const incident = await declareIncident(world, {
    title: 'Payments are late',
    assetIds: [idOf('payments')],
    ...(await by('sam')),
    via: 'form',
    deliveryKey: 'late',
  });
  if (withHidden)
    await mute(world, {
      ...(await by('adam')),
      assetId: idOf('fct_wages'),
      label: 'fct_wages',
      reason: 'It is being loaded again',
      until: new Date(world.clock.now().getTime() + 3_600_000),
    });
  world.clock.advance(60_000);
  await noteEvidence(world, world.clock.now());
  world.clock.advance(60_000);
  await resolve(world, { incidentId: incident.id, ...(await by('adam')), fixedBy: 'Loaded again' });

  const note = await world.db.selectFrom('release_note').select('id').executeTakeFirstOrThrow();
  await sendNote(world, { noteId: note.id, ...(await by('olga')) });
  // A second draft, which nobody has sent yet.
  world.clock.advance(3_600_000);
  await sync(world, { ...snapshot, assets: snapshot.assets.map(changed).map(changed), signals: [] });
}

async function sync(world: TestServices, snapshot: SourceSnapshot): Promise<void> {
  const now = world.clock.now();
  await storeSnapshot(world.db, { name: 'shop', type: 'test', position: 0 }, snapshot, {
    now,
    onChanges: tellOfChanges(world, now),
  });
}

/** Another meaning; what has columns gets one column less, which breaks its readers. */
function changed(asset: AssetDraft): AssetDraft {
  return {
    ...asset,
    description: asset.description.startsWith('Everything')
      ? 'Nothing at all before tax.'
      : 'Everything by another rule.',
    columns: asset.columns.slice(1),
  };
}

function failing(world: TestServices, withHidden: boolean): SourceSnapshot['signals'] {
  const observedAt = world.clock.now().toISOString();
  return ['source.shop.payments', ...(withHidden ? ['model.shop.fct_wages'] : [])].map((sourceId) => ({
    sourceId,
    type: 'test',
    name: 'not_null',
    status: 'fail',
    observedAt,
  }));
}

const isHugo = (place: string): boolean => place === 'hugo@example.com';

describe('of a day on which hidden and open things change, break and are talked about', () => {
  it('no message, digest, release note or picture differs for who may not know of what is hidden', async () => {
    const sent = await messagesOf(there, (place) => !isHugo(place));
    expect(sent).toEqual(await messagesOf(gone, (place) => !isHugo(place)));
    const kinds = new Set(sent.map(({ card }) => card));
    expect([...kinds]).toEqual(
      expect.arrayContaining(['release-draft', 'release-note', 'notice-digest', 'incident']),
    );
    for (const { shown } of sent) for (const word of canaries.hidden) expect(shown).not.toContain(word);
  });

  it('who may know of it is told', async () => {
    const sent = (await messagesOf(there, isHugo)).map(({ shown }) => shown).join();
    expect(sent).toContain('Wage bill');
  });

  it.each(people)(
    'nothing differs in what %s can ask to see of the incident, of all incidents and of what is upstream',
    async (name) => {
      const incident = registrations.commands.find((command) => command.name === 'incident');
      const metric = registrations.commands.find((command) => command.name === 'metric');
      const asked: [typeof incident, string, string][] = [
        ...['show', 'review', 'catchup', 'list', 'handoff', 'stats', 'mute'].map(
          (verb): [typeof incident, string, string] => [
            incident,
            verb,
            ['list', 'handoff', 'stats', 'mute'].includes(verb) ? '' : '1',
          ],
        ),
        [metric, 'history', 'revenue'],
        [metric, 'why', 'revenue'],
      ];
      for (const [command, verb, words] of asked) {
        const look = (world: TestServices) =>
          seen(async () =>
            command?.verbs.find((one) => one.name === verb)?.run(world, await callerOf(world, name), words),
          );
        const shown = await look(there);
        expect(shown, `${verb} ${words}`).toBe(await look(gone));
        expect(shown, verb).not.toContain('refused');
        expect(shown, verb).not.toBe('nothing');
      }
    },
  );

  it.each(people)('nothing differs in the App Home of %s', async (name) => {
    expect(await homeOf(there, name)).toBe(await homeOf(gone, name));
  });

  it('no card of numbers differs: of the week, of a quarter, for the next on call', async () => {
    for (const [kind, id, variant] of [
      ['incident-digest', '2026-03-09', ''],
      ['incident-statistics', '90', '2026-03-09T00:00:00Z'],
      ['incident-handoff', 'data', ''],
    ] as const) {
      const card = cards.find((one) => one.kind === kind);
      const look = (world: TestServices) =>
        seen(async () => {
          const { image, ...words } = (await card?.render(world, id, {
            variant,
            now: world.clock.now(),
          })) ?? { image: undefined };
          return [words, image?.altText];
        });
      const shown = await look(there);
      expect(shown, kind).toBe(await look(gone));
      expect(shown, kind).toContain('text');
    }
  });
});
