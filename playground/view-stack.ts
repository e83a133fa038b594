import { createHash } from 'node:crypto';
import { onlyTo } from './directory.js';
import { initialValues, keepValues } from './element-state.js';
import type { JsonObject, PlayView } from './protocol.js';
import type { ViewRecord } from './state/records.js';
import type { World } from './world.js';

/** One stack of modals per person, at most three high, and one Home view each. */

export const viewStackMax = 3;

export function viewsOf(world: World, user: string): ViewRecord[] {
  return (world.state.stacks.get(user) ?? []).flatMap((id) => world.state.views.get(id) ?? []);
}

export function shownView(view: ViewRecord): PlayView {
  const { user: _user, values, submit_disabled: _disabled, ...rest } = view;
  return { ...rest, state: { values } };
}

export function emitViews(world: World, user: string): void {
  world.live.emit({ type: 'views', person: user, views: viewsOf(world, user).map(shownView) }, onlyTo(user));
}

export function hashOf(world: World, blocks: readonly JsonObject[]): string {
  const content = createHash('sha1').update(JSON.stringify(blocks)).digest('base64url').slice(0, 8);
  return `${world.messages.nextTs()}.${content}`;
}

function textOr(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
function objectField(name: 'title' | 'submit' | 'close', view: JsonObject): { [key: string]: JsonObject } {
  const value = view[name];
  return typeof value === 'object' && value !== null ? { [name]: { ...value } } : {};
}

/** The record of a checked view. */
function makeView(
  world: World,
  user: string,
  view: JsonObject & { blocks: JsonObject[] },
  below: ViewRecord | undefined,
): ViewRecord {
  const id = world.state.nextId('V');
  return {
    id,
    user,
    type: view.type === 'home' ? 'home' : 'modal',
    callback_id: textOr(view.callback_id),
    external_id: textOr(view.external_id),
    hash: hashOf(world, view.blocks),
    ...objectField('title', view),
    ...objectField('submit', view),
    ...objectField('close', view),
    blocks: view.blocks,
    private_metadata: textOr(view.private_metadata),
    values: initialValues(view.blocks),
    root_view_id: below?.root_view_id ?? id,
    previous_view_id: below?.id ?? null,
    notify_on_close: view.notify_on_close === true,
    clear_on_close: view.clear_on_close === true,
    submit_disabled: view.submit_disabled === true,
  };
}

/** On top of what is open. */
export function pushView(
  world: World,
  user: string,
  view: JsonObject & { blocks: JsonObject[] },
): ViewRecord {
  const stack = viewsOf(world, user);
  const record = makeView(world, user, view, stack.at(-1));
  world.state.views.put(record.id, record);
  world.state.stacks.put(user, [...stack.map((v) => v.id), record.id]);
  emitViews(world, user);
  return record;
}

/** Takes views off the stack, from the top; answers them top first. */
export function popViews(world: World, user: string, count = 1): ViewRecord[] {
  const stack = viewsOf(world, user);
  const gone = stack.slice(Math.max(0, stack.length - count)).reverse();
  for (const view of gone) world.state.views.delete(view.id);
  world.state.stacks.put(
    user,
    stack.slice(0, Math.max(0, stack.length - count)).map((v) => v.id),
  );
  emitViews(world, user);
  return gone;
}

/** New content for a view that stays where it is; inputs that are still there keep what was typed. */
export function replaceView(
  world: World,
  record: ViewRecord,
  view: JsonObject & { blocks: JsonObject[] },
): void {
  const fresh = makeView(world, record.user, view, undefined);
  const { id: _id, root_view_id: _root, previous_view_id: _previous, ...content } = fresh;
  delete record.title;
  delete record.submit;
  delete record.close;
  delete record.errors;
  Object.assign(record, content, { values: keepValues(fresh.values, record.values, view.blocks) });
  world.state.views.put(record.id, record);
  emitViews(world, record.user);
}

export function publishHome(
  world: World,
  user: string,
  view: JsonObject & { blocks: JsonObject[] },
): ViewRecord {
  const known = world.state.views.get(world.state.homes.get(user) ?? '');
  const record = makeView(world, user, view, undefined);
  if (known !== undefined) {
    record.id = known.id;
    record.root_view_id = known.id;
    record.values = keepValues(record.values, known.values, view.blocks);
  }
  world.state.views.put(record.id, record);
  world.state.homes.put(user, record.id);
  world.live.emit({ type: 'home', person: user, view: shownView(record) }, onlyTo(user));
  return record;
}

/** As the Web API and payloads carry it. */
export function viewObject(world: World, view: ViewRecord): JsonObject {
  return {
    id: view.id,
    team_id: world.team.id,
    type: view.type,
    ...(view.title === undefined ? {} : { title: view.title }),
    close: view.close ?? null,
    submit: view.submit ?? null,
    blocks: view.blocks,
    private_metadata: view.private_metadata,
    callback_id: view.callback_id,
    external_id: view.external_id,
    state: { values: view.values },
    hash: view.hash,
    clear_on_close: view.clear_on_close,
    notify_on_close: view.notify_on_close,
    submit_disabled: view.submit_disabled,
    root_view_id: view.root_view_id,
    previous_view_id: view.previous_view_id,
    app_id: world.app.id,
    app_installed_team_id: world.team.id,
    bot_id: world.app.bot_id,
  };
}
