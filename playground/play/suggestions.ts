import { option, optionGroup } from '../block-kit/composition.js';
import type { FoundElement } from '../block-kit/walk.js';
import { findChannel, findPerson } from '../directory.js';
import { findOption, type ValueContext } from '../element-state.js';
import { isObject } from '../mrkdwn.js';
import type { JsonObject, OptionsReply, PlayOption } from '../protocol.js';
import type { PersonRecord } from '../state/records.js';
import type { World } from '../world.js';
import { ackFailureText } from './ack-text.js';
import { type Place, suggestionPayload } from './payloads.js';

/** Options that an app offers for an external select while a person types. */

/** Offered lately, by person and element: what can be chosen without asking again. */
const offered = new WeakMap<World, Map<string, JsonObject[]>>();
function offeredTo(world: World): Map<string, JsonObject[]> {
  const known = offered.get(world) ?? new Map<string, JsonObject[]>();
  offered.set(world, known);
  return known;
}
function keyOf(person: PersonRecord, place: Place, found: FoundElement): string {
  const where = place.kind === 'view' ? place.view.id : `${place.channel.id}:${place.message.ts}`;
  return `${person.id}|${where}|${String(found.block.block_id)}|${String(found.element.action_id)}`;
}

export function stateIn(place: Place): JsonObject {
  return place.kind === 'view' ? place.view.values : {};
}

function checked(list: unknown, rule: typeof option): JsonObject[] | null {
  if (!Array.isArray(list) || list.length > 100) return null;
  let fine = true;
  for (const item of list) {
    rule(item, '', () => {
      fine = false;
    });
  }
  return fine ? list.filter(isObject) : null;
}
const asOption = (given: JsonObject): PlayOption => ({
  text: isObject(given.text) ? given.text : {},
  value: String(given.value),
  ...(isObject(given.description) ? { description: given.description } : {}),
});

/** Asks the app, as Slack does after each pause in typing. */
export async function askOptions(
  world: World,
  person: PersonRecord,
  place: Place,
  found: FoundElement,
  value: string,
): Promise<OptionsReply> {
  const none = { options: [], option_groups: [] };
  const ack = await world.delivery.interact(
    'interactive',
    suggestionPayload(world, {
      person,
      place,
      blockId: String(found.block.block_id),
      actionId: String(found.element.action_id),
      value,
      values: stateIn(place),
    }),
  );
  if (!ack.ok) return { ok: false, ...none, ackMs: ack.ms, error: ackFailureText(ack) };
  const body = isObject(ack.body) ? ack.body : {};
  const groups = body.option_groups === undefined ? [] : checked(body.option_groups, optionGroup);
  const options = body.options === undefined ? [] : checked(body.options, option);
  if (
    groups === null ||
    options === null ||
    (body.options === undefined && body.option_groups === undefined)
  ) {
    return {
      ok: false,
      ...none,
      ackMs: ack.ms,
      error: 'The app answered with options that Slack would refuse (text 75, value 75, at most 100).',
    };
  }
  const inGroups = groups.flatMap((group) =>
    Array.isArray(group.options) ? group.options.filter(isObject) : [],
  );
  const key = keyOf(person, place, found);
  offeredTo(world).set(key, [...options, ...inGroups, ...(offeredTo(world).get(key) ?? [])].slice(0, 1000));
  return {
    ok: true,
    options: options.map(asOption),
    option_groups: groups.map((group) => ({
      label: isObject(group.label) ? group.label : {},
      options: (Array.isArray(group.options) ? group.options.filter(isObject) : []).map(asOption),
    })),
    ackMs: ack.ms,
  };
}

/** How a person's values are looked up here; an option nobody was offered yet is asked for by its value. */
export function valueContext(world: World, person: PersonRecord, place: Place): ValueContext {
  return {
    userId: (ref) => findPerson(world, ref)?.id,
    channelId: (ref) => findChannel(world, ref)?.id,
    fileId: (ref) => world.state.files.get(ref)?.id,
    externalOption: async (found, wanted) => {
      const key = keyOf(person, place, found);
      const initial = [found.element.initial_option, found.element.initial_options].flat().filter(isObject);
      const known = findOption([...(offeredTo(world).get(key) ?? []), ...initial], wanted);
      if (known !== undefined) return known;
      await askOptions(world, person, place, found, wanted);
      return findOption(offeredTo(world).get(key) ?? [], wanted);
    },
  };
}
