import { checkedView } from '../api/content.js';
import { SlackRefusal } from '../api/refusal.js';
import { notifyClosed } from '../api/views.js';
import { elementsOf, type FoundElement } from '../block-kit/walk.js';
import {
  clientErrors,
  findOption,
  initialValues,
  type StateValues,
  setState,
  stateKind,
  stateOf,
  WrongValue,
} from '../element-state.js';
import { isObject } from '../mrkdwn.js';
import type { ActReply, JsonObject } from '../protocol.js';
import type { PersonRecord, ViewRecord } from '../state/records.js';
import {
  emitViews,
  popViews,
  pushView,
  replaceView,
  shownView,
  viewStackMax,
  viewsOf,
} from '../view-stack.js';
import type { World } from '../world.js';
import { ackFailureText } from './ack-text.js';
import type { Act } from './acting.js';
import { elementFor, visibleChannel } from './find.js';
import { blockActionsPayload, type Place, submissionPayload } from './payloads.js';
import { PlayProblem } from './problem.js';
import { valueContext } from './suggestions.js';

/** Clicking, choosing, submitting and closing. */

/** Puts a person's values into the state, by action_id or by block_id and action_id. */
async function fill(
  world: World,
  person: PersonRecord,
  place: Place,
  state: StateValues,
  values: Act['values'],
): Promise<void> {
  const blocks = place.kind === 'view' ? place.view.blocks : place.message.blocks;
  const context = valueContext(world, person, place);
  const elements = elementsOf(blocks);
  for (const [key, given] of Object.entries(values ?? {})) {
    if (isObject(given) && given.type !== 'rich_text') {
      for (const [actionId, value] of Object.entries(given)) {
        const ofBlock = elements.filter(({ block }) => block.block_id === key);
        await fillOne(inputNamed(ofBlock, actionId, `${key}.${actionId}`, elements), value, state, context);
      }
    } else await fillOne(inputNamed(elements, key, key, elements), given, state, context);
  }
}

async function fillOne(
  found: FoundElement,
  value: unknown,
  state: StateValues,
  context: ReturnType<typeof valueContext>,
): Promise<void> {
  const chosen = await chosenState(found, value, context);
  setState(state, String(found.block.block_id), String(found.element.action_id), chosen);
}

/** By action_id; where no element has it, the one element of the block with that block_id. */
function inputNamed(among: FoundElement[], name: string, shown: string, all: FoundElement[]): FoundElement {
  const named = among.filter(({ element }) => element.action_id === name);
  const found = named.length > 0 ? named : among.filter(({ block }) => block.block_id === name);
  const [only, second] = found;
  const inputs = all
    .map(({ block, element }) => `${String(block.block_id)}.${String(element.action_id)}`)
    .join(', ');
  if (only === undefined)
    throw new PlayProblem(404, 'no_such_input', `There is no input "${shown}"; there are: ${inputs}.`);
  if (second !== undefined) {
    throw new PlayProblem(
      400,
      'ambiguous_input',
      `Several inputs are called "${shown}"; go by block_id: ${inputs}.`,
    );
  }
  return only;
}

async function chosenState(
  found: FoundElement,
  value: unknown,
  context: ReturnType<typeof valueContext>,
): Promise<JsonObject> {
  try {
    return await stateOf(found, value, context);
  } catch (error) {
    if (error instanceof WrongValue) throw new PlayProblem(400, error.code, error.message);
    throw error;
  }
}

/** The `actions` entry for what was clicked or chosen. */
async function actionOf(
  world: World,
  person: PersonRecord,
  place: Place,
  found: FoundElement,
  value: unknown,
): Promise<{ action: JsonObject; state?: JsonObject }> {
  const { element, block } = found;
  const type = String(element.type);
  const base = {
    type,
    action_id: element.action_id,
    block_id: block.block_id,
    action_ts: world.messages.nextTs(),
  };
  if (type === 'overflow') {
    const options = Array.isArray(element.options) ? element.options.filter(isObject) : [];
    const chosen = findOption(options, String(value));
    if (chosen === undefined)
      throw new PlayProblem(
        400,
        'wrong_value',
        `The menu has no choice "${String(value)}"; there are: ${options.map((o) => o.value).join(', ')}.`,
      );
    return { action: { ...base, selected_option: chosen } };
  }
  if (type === 'feedback_buttons') {
    const buttons = [element.positive_button, element.negative_button].filter(isObject);
    const chosen = buttons.find((button) => button.value === value);
    if (chosen === undefined)
      throw new PlayProblem(
        400,
        'wrong_value',
        `Give the value of one of the two buttons: ${buttons.map((b) => b.value).join(', ')}.`,
      );
    return { action: { ...base, text: chosen.text, value: chosen.value } };
  }
  if (stateKind(element) === undefined) {
    const { text, value: buttonValue, style, url } = element;
    return {
      action: {
        ...base,
        text,
        ...(buttonValue === undefined ? {} : { value: buttonValue }),
        ...(style === undefined ? {} : { style }),
        ...(url === undefined ? {} : { url }),
      },
    };
  }
  const state = await chosenState(found, value, valueContext(world, person, place));
  return {
    action: {
      ...base,
      ...(element.placeholder === undefined ? {} : { placeholder: element.placeholder }),
      ...state,
    },
    state,
  };
}

/** Inputs in messages keep what each person chose while the page is open; here that lasts one act. */
export async function actClick(world: World, person: PersonRecord, request: Act): Promise<ActReply> {
  const { place, found, entry } = elementFor(world, person, request);
  if (found.input && found.block.dispatch_action !== true) {
    throw new PlayProblem(409, 'no_dispatch', 'This input sends nothing by itself; submit the form.');
  }
  const state = place.kind === 'view' ? place.view.values : initialValues(place.message.blocks);
  await fill(world, person, place, state, request.values);
  const { action, state: chosen } = await actionOf(world, person, place, found, entry ?? request.value);
  if (chosen !== undefined)
    setState(state, String(found.block.block_id), String(found.element.action_id), chosen);
  if (place.kind === 'view') {
    world.state.views.put(place.view.id, place.view);
    emitViews(world, person.id);
  }
  const responseUrl =
    place.kind === 'message'
      ? world.responseUrls.make(world, {
          channel: place.channel.id,
          user: person.id,
          message: place.message,
          kind: 'actions',
        })
      : undefined;
  const ack = await world.delivery.interact(
    'interactive',
    blockActionsPayload(world, {
      person,
      place,
      actions: [action],
      values: state,
      ...(responseUrl === undefined ? {} : { responseUrl }),
    }),
  );
  if (!ack.ok) return { ok: false, ackMs: ack.ms, code: ack.reason, error: ackFailureText(ack) };
  return { ok: true, ackMs: ack.ms };
}

export async function actSubmit(world: World, person: PersonRecord, request: Act): Promise<ActReply> {
  const view = viewsOf(world, person.id).at(-1);
  if (view === undefined) throw new PlayProblem(409, 'no_view', `${person.real_name} has no modal open.`);
  if (request.view !== undefined && request.view !== view.id)
    throw new PlayProblem(409, 'view_not_on_top', 'That modal is not on top.');
  if (view.submit === undefined) throw new PlayProblem(409, 'no_submit', 'This modal has no submit button.');
  if (view.submit_disabled)
    throw new PlayProblem(409, 'submit_disabled', 'This modal cannot be submitted yet.');
  await fill(world, person, { kind: 'view', view }, view.values, request.values);
  const missing = clientErrors(view.blocks, view.values);
  if (Object.keys(missing).length > 0)
    return showErrors(world, view, missing, 0, 'Some fields need attention.');
  delete view.errors;
  world.state.views.put(view.id, view);
  const ack = await world.delivery.interact(
    'interactive',
    submissionPayload(world, person, view, responseUrlsOf(world, person, view)),
  );
  if (!ack.ok)
    return {
      ok: false,
      ackMs: ack.ms,
      code: ack.reason,
      error: `We had some trouble connecting. ${ackFailureText(ack)}`,
    };
  try {
    return answerSubmission(world, person, view, ack.body, ack.ms);
  } catch (error) {
    if (!(error instanceof SlackRefusal)) throw error;
    const messages = isObject(error.detail.response_metadata) ? error.detail.response_metadata.messages : [];
    return {
      ok: false,
      ackMs: ack.ms,
      code: error.code,
      error: `The app's answer was refused: ${error.code} ${[messages].flat().join('; ')}`.trim(),
    };
  }
}

function showErrors(
  world: World,
  view: ViewRecord,
  errors: { [blockId: string]: string },
  ackMs: number,
  error: string,
): ActReply {
  view.errors = errors;
  world.state.views.put(view.id, view);
  emitViews(world, view.user);
  return { ok: false, ackMs, code: 'errors', error, errors, view: shownView(view) };
}

/** `response_action`: errors, update, push, clear; nothing closes this one view. */
function answerSubmission(
  world: World,
  person: PersonRecord,
  view: ViewRecord,
  body: unknown,
  ackMs: number,
): ActReply {
  if (body === null || body === undefined) {
    popViews(world, person.id);
    return { ok: true, ackMs };
  }
  if (!isObject(body)) throw new SlackRefusal('invalid_response_action');
  switch (body.response_action) {
    case 'errors': {
      const errors = isObject(body.errors) ? body.errors : {};
      const inputs = view.blocks.filter((block) => block.type === 'input').map((block) => block.block_id);
      const entries = Object.entries(errors);
      const unknown = entries.filter(([blockId]) => !inputs.includes(blockId)).map(([blockId]) => blockId);
      if (entries.length === 0 || unknown.length > 0) {
        throw new SlackRefusal('invalid_errors', {
          response_metadata: { messages: [`no input block: ${unknown.join(', ')}`] },
        });
      }
      const texts = Object.fromEntries(entries.map(([blockId, text]) => [blockId, String(text)]));
      return showErrors(world, view, texts, ackMs, Object.values(texts).join(' '));
    }
    case 'update':
      replaceView(world, view, checkedView(world, isObject(body.view) ? body.view : {}));
      return { ok: true, ackMs };
    case 'push':
      if (viewsOf(world, person.id).length >= viewStackMax) throw new SlackRefusal('push_limit_reached');
      pushView(world, person.id, checkedView(world, isObject(body.view) ? body.view : {}));
      return { ok: true, ackMs };
    case 'clear':
      popViews(world, person.id, viewStackMax);
      return { ok: true, ackMs };
    default:
      throw new SlackRefusal('invalid_response_action');
  }
}

/** `response_url_enabled` selects give the app an address for the chosen conversation. */
function responseUrlsOf(world: World, person: PersonRecord, view: ViewRecord): JsonObject[] {
  return elementsOf(view.blocks).flatMap(({ block, element }) => {
    if (element.response_url_enabled !== true) return [];
    const state = view.values[String(block.block_id)]?.[String(element.action_id)];
    const chosen = state?.selected_conversation ?? state?.selected_channel;
    if (typeof chosen !== 'string') return [];
    const channel = visibleChannel(world, person, chosen);
    const url = world.responseUrls.make(world, { channel: channel.id, user: person.id, kind: 'actions' });
    return [
      { block_id: block.block_id, action_id: element.action_id, channel_id: channel.id, response_url: url },
    ];
  });
}

export async function actClose(world: World, person: PersonRecord, request: Act): Promise<ActReply> {
  const stack = viewsOf(world, person.id);
  const top = stack.at(-1);
  if (top === undefined) throw new PlayProblem(409, 'no_view', `${person.real_name} has no modal open.`);
  const all = request.all === true || top.clear_on_close;
  notifyClosed(world, popViews(world, person.id, all ? stack.length : 1), all);
  return { ok: true, ackMs: 0 };
}
