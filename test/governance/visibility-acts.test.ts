import { randomUUID } from 'node:crypto';
import type { ModalView } from '@slack/types';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { requestAccess } from '../../src/access/request-access.js';
import { askPeople } from '../../src/answers/learning/ask-people.js';
import { gatherRegistrations } from '../../src/app.js';
import { formInputs } from '../../src/contract/action-ids.js';
import { declareIncident } from '../../src/incidents/declare.js';
import type { ViewState, ViewStateValue } from '../../src/slack/surface.js';
import type { TestServices } from '../helpers/services.js';
import { makeWorld } from './hidden-world.js';
import { callerOf, type Name, seen } from './walk.js';

/**
 * What changes something is walked too: every verb that acts and every form, with names and ids of hidden things in each of its fields, sent alike to a world with
 * hidden things and to one in which they never were. What is refused, and how, must be the same.
 */
/** Nobody in particular, and who keeps the data or may do the most. */
const people = ['sam', 'olga'] as const;
const formPeople = ['sam', 'olga', 'adam'] as const;
const registrations = gatherRegistrations();
let there: TestServices;
let gone: TestServices;
const questionId = randomUUID();
/** Of each world: what a form may be about, by the parameter that names it. */
const about = new Map<TestServices, Record<string, string>>();

beforeAll(async () => {
  const more = { warehouses: [{ name: 'warehouse', type: 'manual', team: 'data' }] };
  there = await makeWorld(true, more);
  gone = await makeWorld(false, more);
  for (const world of [there, gone]) {
    const { view } = world.catalog.current();
    const olga = await world.personId('olga@example.com');
    const actor = { personId: olga, kind: 'person', channel: 'slack' } as const;
    const now = world.clock.now();
    const revenue = view.byName('revenue')[0];
    if (revenue === undefined) throw new Error('no revenue');
    await askPeople(world, {
      about: { asset: revenue },
      actor,
      personId: await world.personId('sam@example.com'),
      now,
    });
    const gap = await world.db.selectFrom('gap').select('id').executeTakeFirstOrThrow();
    const incident = await declareIncident(world, {
      title: 'Payments are late',
      assetIds: [view.byName('payments')[0]?.id ?? ''],
      actor,
      via: 'form',
      deliveryKey: 'late',
      now,
    });
    const note = await world.db
      .insertInto('release_note')
      .values({ domain: 'money', state: 'draft', created_at: now, updated_at: now })
      .returning('id')
      .executeTakeFirstOrThrow();
    await world.db
      .insertInto('question')
      .values({
        id: questionId,
        at: now,
        person_id: await world.personId('sam@example.com'),
        surface: 'command',
        text: 'what is churn?',
        folded: 'churn',
        intent: 'define',
        outcome: 'unknown',
        use: 'general',
        ms: 1,
      })
      .execute();
    about.set(world, {
      question: questionId,
      asset: revenue.id,
      gap: gap.id,
      incident: incident.id,
      note: note.id,
    });
  }
}, 60_000);

/** Sam asks for open data. */
async function accessOfSam(world: TestServices): Promise<string> {
  const { person, actor, now } = await callerOf(world, 'sam');
  const [asked] = await requestAccess(world, {
    person,
    actor,
    assetIds: [world.catalog.current().view.byName('fct_orders')[0]?.id ?? ''],
    level: 'read',
    columns: [],
    reason: 'for the close',
    durationMs: 30 * 86_400_000,
    viewId: null,
    now,
  });
  if (asked?.ok !== true) throw new Error('no access was asked for');
  return asked.requestId;
}

/** Of sam's, for open data: as it is once a person has granted it. */
async function liveGrant(world: TestServices): Promise<string> {
  const id = await accessOfSam(world);
  const now = world.clock.now();
  await world.db
    .updateTable('access_request')
    .set({ state: 'active', starts_at: now, ends_at: new Date(now.getTime() + 30 * 86_400_000) })
    .where('id', '=', id)
    .execute();
  return id;
}

/** Of sam's, for open data, which olga may still decide: what was sent before may have ended the last one. */
async function waitingRequest(world: TestServices): Promise<string> {
  const waiting = world.db
    .selectFrom('approval_request')
    .select('id')
    .where('kind', '=', 'access')
    .where('state', '=', 'pending');
  const found = await waiting.executeTakeFirst();
  if (found !== undefined) return found.id;
  await accessOfSam(world);
  return (await waiting.executeTakeFirstOrThrow()).id;
}

const hiddenIds = (): string[] =>
  there.catalog
    .current()
    .view.assets()
    .filter((asset) => asset.tags.includes('hr'))
    .map((asset) => asset.id);

/** What happened at one instant is told in no order. */
function inAnyOrder(shown: string): string {
  return shown
    .split(/[;•.]|\\n|"/)
    .map((part) => part.trim())
    .sort()
    .join();
}

describe('a verb that acts', () => {
  const wordings = ['%s', '%s here', '%s for 2h because it is being loaded', '1 %s'];

  async function differences(name: Name): Promise<string[]> {
    const found: string[] = [];
    for (const command of registrations.commands)
      for (const verb of command.verbs) {
        if (verb.mode !== 'act') continue;
        for (const wording of wordings)
          for (const word of ['wagebill', 'fct_wages']) {
            const rest = wording.replace('%s', word);
            const what = `/${command.name} ${verb.name} ${rest}`;
            const say = (world: TestServices) => {
              world.clock.advance(1_000);
              return seen(async () =>
                verb.accepts?.(rest, world) === false
                  ? 'no argument of it'
                  : verb.run(
                      world,
                      { ...(await callerOf(world, name)), deliveryKey: `${name} ${what}` },
                      rest,
                    ),
              );
            };
            if (inAnyOrder(await say(there)) !== inAnyOrder(await say(gone))) found.push(what);
          }
      }
    return found;
  }

  it.each(people)(
    'answers %s about hidden things as about what is not there',
    async (name) => {
      expect(await differences(name)).toEqual([]);
    },
    120_000,
  );

  it('tells who may know of them: the walk sees a difference where there is one', async () => {
    expect((await differences('hugo')).length).toBeGreaterThan(10);
  }, 120_000);
});

const element = z.object({
  type: z.string(),
  action_id: z.string(),
  options: z.array(z.object({ value: z.string() })).optional(),
});
const inputBlock = z.object({ block_id: z.string(), element });

/** What stands in a form's field: given words or ids, or something that it takes. */
function filled({ type, options }: z.infer<typeof element>, given?: string): ViewStateValue {
  const value = given ?? options?.[0]?.value ?? (type.includes('text') ? 'because of the loader' : '');
  return {
    type,
    value,
    selected_option: value === '' ? null : { value },
    selected_options: value === '' ? [] : [{ value }],
    selected_date: given === undefined ? '2026-04-01' : null,
    selected_user: given ?? null,
  };
}

/** The form filled as somebody would, and then each field in turn with hidden ids, or with hidden names where words are typed. */
function* fillings(view: ModalView, ids: readonly string[]): Generator<{ field: string; state: ViewState }> {
  const inputs = view.blocks.flatMap((block) => inputBlock.safeParse(block).data ?? []);
  const plain: ViewState = {};
  for (const input of inputs) plain[input.block_id] = { [input.element.action_id]: filled(input.element) };
  yield { field: 'as somebody would', state: plain };
  for (const input of inputs)
    for (const value of input.element.type.includes('text') ? ['wagebill'] : ids)
      yield {
        field: `${input.block_id}=${value}`,
        state: { ...plain, [input.block_id]: { [input.element.action_id]: filled(input.element, value) } },
      };
}

describe('a form', () => {
  const tried = new Set<string>();
  // Not before: the verbs above end what they are about.
  beforeAll(async () => {
    for (const world of [there, gone]) about.set(world, { ...about.get(world), id: await liveGrant(world) });
  });

  async function differences(name: Name): Promise<string[]> {
    const told: string[] = [];
    for (const { callbackId, build, validate, submit } of registrations.views) {
      const forms = new Map<TestServices, ModalView>();
      for (const world of [there, gone]) {
        const parameters = {
          ...about.get(world),
          ...(callbackId.startsWith('approval:') ? { id: await waitingRequest(world) } : {}),
        };
        const view = await build(world, await callerOf(world, name), parameters).catch(() => null);
        if (view !== null) forms.set(world, view);
      }
      const form = forms.get(there);
      if (form === undefined || !forms.has(gone)) continue;
      if ((await seen(async () => form)) !== (await seen(async () => forms.get(gone))))
        told.push(`${callbackId} as it opens`);
      for (const { field, state } of fillings(form, hiddenIds().slice(0, 1))) {
        tried.add(callbackId);
        const send = async (world: TestServices, how: 'validate' | 'submit') => {
          const submission = {
            caller: { ...(await callerOf(world, name)), deliveryKey: `${name} ${callbackId} ${field}` },
            callbackId,
            viewId: `V-${name}-${callbackId}-${field}`,
            privateMetadata: forms.get(world)?.private_metadata ?? '',
            state,
          };
          return seen(async () =>
            how === 'validate' ? validate(world, submission) : submit(world, submission),
          );
        };
        for (const how of ['validate', 'submit'] as const)
          if ((await send(there, how)) !== (await send(gone, how)))
            told.push(`${callbackId} ${field}: ${how}`);
      }
      // Whatever a form says it is about is as untrusted as its fields.
      for (const id of hiddenIds().slice(0, 1))
        for (const metadata of [id, JSON.stringify({ assetId: id, asset: id, pipeline: id })]) {
          const send = async (world: TestServices) =>
            seen(async () =>
              submit(world, {
                caller: {
                  ...(await callerOf(world, name)),
                  deliveryKey: `${name} ${callbackId} ${metadata}`,
                },
                callbackId,
                viewId: `V-${name}-${callbackId}-${metadata}`,
                privateMetadata: metadata,
                state: [...fillings(form, [])][0]?.state ?? {},
              }),
            );
          if ((await send(there)) !== (await send(gone))) told.push(`${callbackId} about ${id}`);
        }
    }
    return told;
  }

  it.each(formPeople)(
    'that names hidden things is refused to %s as one that names nothing',
    async (name) => {
      expect(await differences(name)).toEqual([]);
    },
    120_000,
  );

  it('about a question on something hidden is one about nothing', async () => {
    const hugo = await callerOf(there, 'hugo');
    const wage = there.catalog.current().view.byName('wagebill')[0];
    if (wage === undefined) throw new Error('no wage bill');
    await askPeople(there, {
      about: { asset: wage },
      actor: hugo.actor,
      personId: hugo.person.id,
      now: hugo.now,
    });
    const { id } = await there.db
      .selectFrom('gap')
      .select('id')
      .where('asset_id', '=', wage.id)
      .executeTakeFirstOrThrow();
    for (const { callbackId, build } of registrations.views)
      for (const name of people) {
        const form = (gap: string) => seen(async () => build(there, await callerOf(there, name), { gap }));
        expect(await form(id), callbackId).toBe(await form(randomUUID()));
      }
  });

  it('is walked, each that is listed', () => {
    // A form without inputs takes nothing; one about a single entry of a timeline opens from it. A page of a review opens for the owner of what is on it alone, and takes
    // nothing but what it showed (handlers/views/access-review.test.ts). Emergency access opens for whoever asked, where the rule has it: it takes minutes and a reason
    // (src/approvals/engine/around-a-decision.test.ts).
    const elsewhere = ['incident:timeline-entry', 'access:review-page', 'approval:break-glass'];
    const taking = Object.entries(formInputs).filter(
      ([form, inputs]) => inputs.length > 0 && !elsewhere.includes(form),
    );
    expect(taking.filter(([form]) => !tried.has(form))).toEqual([]);
  });
});
