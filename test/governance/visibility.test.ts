import { beforeAll, describe, expect, it } from 'vitest';
import { askPeople } from '../../src/answers/learning/ask-people.js';
import { gatherRegistrations } from '../../src/app.js';
import { declareIncident } from '../../src/incidents/declare.js';
import { whatLink } from '../../src/links/what-link.js';
import { incidentCardRenderer } from '../../src/slack/cards/incident.js';
import type { Caller } from '../../src/slack/surface.js';
import { previewOf } from '../../src/slack/unfurls/preview.js';
import type { TestServices } from '../helpers/services.js';
import { canaries, makeWorld } from './hidden-world.js';
import { around, callerOf, homeOf, type Name, names, people, seen } from './walk.js';

/**
 * Whatever is registered is walked, for every person, in two worlds: one with hidden things, one in which they never were. Who may not know of them must
 * get the same bytes in both; a new command, form, select or section of App Home is walked without being named here.
 */
const registrations = gatherRegistrations();
let there: TestServices;
let gone: TestServices;

beforeAll(async () => {
  there = await makeWorld(true);
  gone = await makeWorld(false);
  for (const world of [there, gone]) {
    const wage = there.catalog.current().view.byName('wagebill')[0];
    const hugo = await world.personId('hugo@example.com');
    const actor = { personId: hugo, kind: 'person', channel: 'slack' } as const;
    // Hugo asks the owner of what only he may see: it stands in a queue that everybody may look at.
    if (world === there && wage)
      await askPeople(world, { about: { asset: wage }, actor, personId: hugo, now: world.clock.now() });
  }
}, 60_000);

const questions = [
  'what is %s?',
  'may I use %s for the board?',
  'who owns %s?',
  'why did %s change?',
  'what breaks if %s changes?',
  'what is %s built from?',
  'which dashboards use %s?',
  'when will %s be there?',
  '%s as of 2026-01-01',
  'compare %s and revenue',
  '%s and revenue',
  'who owns %s and why did it change?',
  'what was %s in October?',
  'I need access to %s',
];
const lists = [
  'which metrics have no owner?',
  'list metrics',
  'list dashboards',
  'metrics of money',
  'tier 1 metrics',
  'how many metrics do we have?',
  'what uses column kestrel_id?',
];

/** Every read that somebody can ask for in words: all verbs of all commands, all kinds of question, about hidden things and about their neighbours. */
function* wordings(): Generator<{
  what: string;
  run: (world: TestServices, caller: Caller) => Promise<unknown>;
}> {
  for (const command of registrations.commands) {
    for (const verb of command.verbs) {
      if (verb.mode !== 'read') continue;
      for (const words of [...names, ...around])
        yield {
          what: `/${command.name} ${verb.name} ${words}`,
          run: async (world, caller) =>
            verb.accepts?.(words, world) === false ? 'no argument of it' : verb.run(world, caller, words),
        };
    }
    const { otherwise } = command;
    if (command.name !== 'metric' || otherwise === undefined) continue;
    const asked = [
      ...[...names, ...around.filter((word) => word !== '')].flatMap((name) =>
        questions.map((one) => one.replace('%s', name)),
      ),
      ...lists,
      ...names,
      ...around,
    ];
    for (const question of asked)
      yield { what: question, run: (world, caller) => otherwise.run(world, caller, question) };
  }
}

async function differences(name: Name, channel: Caller['channel'] = null): Promise<string[]> {
  const [one, other] = [await callerOf(there, name, channel), await callerOf(gone, name, channel)];
  const found: string[] = [];
  for (const { what, run } of wordings())
    if ((await seen(() => run(there, one))) !== (await seen(() => run(gone, other)))) found.push(what);
  return found;
}

describe('what is hidden', () => {
  it.each(people)(
    'is told to %s by no words in any command, question, ask-back, suggestion, list or count',
    async (name) => {
      expect(await differences(name)).toEqual([]);
    },
    120_000,
  );

  it('is told to who may know of it: the walk sees a difference where there is one', async () => {
    expect((await differences('hugo')).length).toBeGreaterThan(50);
  }, 120_000);

  it.each(people)(
    'is offered to %s by no external select',
    async (name) => {
      for (const { actionId, run } of registrations.options)
        for (const query of [...names, ...around, 'w', 'fct'])
          expect(
            await seen(async () => run(there, await callerOf(there, name), query)),
            `${actionId} for "${query}"`,
          ).toBe(await seen(async () => run(gone, await callerOf(gone, name), query)));
    },
    60_000,
  );

  it.each(people)('stands nowhere in the App Home of %s', async (name) => {
    expect(await homeOf(there, name)).toBe(await homeOf(gone, name));
  });

  it.each(people)(
    'behind a button or in a form is nothing for %s, whatever id it carries',
    async (name) => {
      const nothing = '00000000-0000-4000-8000-000000000000';
      const caller = { ...(await callerOf(there, name)), surface: 'button' as const };
      const told: string[] = [];
      for (const asset of there.catalog.current().view.assets()) {
        if (!asset.tags.includes('hr')) continue;
        for (const { actionId, run } of registrations.actions) {
          const press = (value: string) =>
            seen(() => run(there, { caller, actionId, value, state: {}, view: null }));
          if ((await press(asset.id)) !== (await press(nothing))) told.push(`${actionId} with ${asset.name}`);
        }
        for (const { callbackId, build } of registrations.views)
          for (const parameter of ['asset', 'dataset', 'pipeline']) {
            const form = (id: string) => seen(() => build(there, caller, { [parameter]: id }));
            if ((await form(asset.id)) !== (await form(nothing)))
              told.push(`${callbackId} with ${parameter}=${asset.name}`);
          }
      }
      expect(told).toEqual([]);
    },
    60_000,
  );

  it('shows in no preview of a link, in a channel or in private, and not around what is shown', async () => {
    const preview = (world: TestServices, name: Name, address: string, personal: boolean) =>
      seen(async () => {
        const linked = whatLink(world.catalog.current().view, world.config.slack.links.own, address);
        const { person } = await callerOf(world, name);
        const reader = personal ? { viewers: [person], person } : { viewers: [{ teams: [] }], person: null };
        return linked === null ? null : previewOf(world, linked, reader, world.clock.now());
      });
    for (const address of [
      'https://bi.example/wages',
      'https://bi.example/wagebill',
      'https://steward.example/open/metric.shop.wagebill',
      'https://bi.example/sales',
      'https://steward.example/open/metric.shop.revenue',
      'https://steward.example/open/source.shop.payments',
    ]) {
      for (const name of people)
        expect(await preview(there, name, address, true), `${address} for ${name}`).toBe(
          await preview(gone, name, address, true),
        );
      expect(await preview(there, 'hugo', address, false), address).toBe(
        await preview(gone, 'hugo', address, false),
      );
    }
    expect(await preview(there, 'hugo', 'https://bi.example/wages', true)).toContain('Wage board');
  });

  it('is not said aloud in a channel by who may know of it, nor where only some who read along may', async () => {
    const told: string[] = [];
    for (const channel of [
      { id: 'C0PUBLIC', kind: 'public' as const },
      // Its audience is hr and sales; sales may not know.
      { id: 'C0MIXED', kind: 'private' as const },
    ]) {
      const caller = await callerOf(there, 'hugo', channel);
      for (const { what, run } of wordings()) {
        const reply = (await run(there, caller).catch(() => ({ visibility: 'asker' }))) as {
          visibility: string;
          shareable?: boolean;
        };
        if (reply.visibility !== 'place' && reply.shareable !== true) continue;
        const shown = JSON.stringify(reply);
        // What the asker wrote is theirs to say; everything else that is only in hidden things is not.
        for (const canary of canaries.hidden.filter(
          (word) => !what.toLowerCase().includes(word.toLowerCase()),
        ))
          if (shown.includes(canary)) told.push(`"${what}" in ${channel.id}: ${canary}`);
      }
    }
    expect(told).toEqual([]);
  }, 120_000);
});

describe('an incident on open data that hidden things are built from', () => {
  it.each(['main', 'announce', 'consumer', 'owner', 'executive', 'triage'])(
    'names and pictures none of them in its card "%s"',
    async (variant) => {
      const card = async (world: TestServices): Promise<string> => {
        const { person } = await callerOf(world, 'sam');
        const broken = world.catalog.current().view.byName('payments')[0]?.id ?? '';
        const incident = await declareIncident(world, {
          title: 'Payments are late',
          assetIds: [broken],
          actor: { personId: person.id, kind: 'person', channel: 'slack' },
          via: 'form',
          deliveryKey: 'payments-late',
          now: world.clock.now(),
        });
        const shown = await incidentCardRenderer.render(world, incident.id, {
          variant,
          now: world.clock.now(),
        });
        const { image, ...rest } = shown ?? { image: undefined };
        return seen(async () => [rest, image?.altText, image?.png.length]);
      };
      expect(await card(there)).toBe(await card(gone));
    },
    30_000,
  );
});

describe('what must be requested', () => {
  it.each(['sam', 'nina', 'adam'] as const)(
    'shows %s its name, purpose and owner, and nothing else of it anywhere',
    async (name) => {
      const caller = await callerOf(there, name);
      const told: string[] = [];
      for (const { what, run } of wordings()) {
        const shown = await seen(() => run(there, caller));
        for (const canary of canaries.requestable)
          if (!what.includes(canary) && shown.includes(canary)) told.push(`"${what}": ${canary}`);
      }
      expect(told).toEqual([]);
      const asked = await seen(async () =>
        registrations.commands.find((one) => one.name === 'metric')?.otherwise?.run(there, caller, 'margin'),
      );
      expect(asked).toContain('What is left of an order.');
      expect(asked).toContain('Request access');
    },
    120_000,
  );
});
