import type { z } from 'zod';
import type { Api } from '../api/call.js';
import { fileBytesMax, mimeOf } from '../api/files.js';
import { parseDuration } from '../clock.js';
import { onlyTo } from '../directory.js';
import { emitUnread, unreadOf } from '../posting.js';
import type {
  BehindEntry,
  BehindReply,
  ClockReply,
  clockRequest,
  FaultReply,
  faultRequest,
  OptionsReply,
  optionsRequest,
  PlayFile,
  readRequest,
  StatsReply,
  StoryReply,
  storyRequest,
  UploadReply,
  uploadRequest,
  WarehouseReply,
  warehouseRequest,
} from '../protocol.js';
import type { FileRecord } from '../state/records.js';
import { nowSeconds, type World } from '../world.js';
import { elementFor, personOf, visibleChannel } from './find.js';
import { PlayProblem } from './problem.js';
import { unread } from './read.js';
import { askOptions } from './suggestions.js';

/** The rest of the control API: reading marks, files, and the world behind the scene. */

export function clockNow(world: World): ClockReply {
  return { now: world.clock.now().toISOString(), offsetMs: world.clock.offsetMs() };
}

export async function advanceClock(
  world: World,
  request: z.output<typeof clockRequest>,
): Promise<ClockReply> {
  const byMs = parseDuration(request.advance) ?? 0;
  await world.clock.advance(byMs);
  world.state.meta.put('clockOffsetMs', String(world.clock.offsetMs()));
  await world.hooks.clockAdvanced?.({ byMs, now: world.clock.now(), offsetMs: world.clock.offsetMs() });
  world.timers.runDue();
  const reply = clockNow(world);
  world.live.emit({ type: 'clock', ...reply });
  return reply;
}

const ownTargets = ['slack', 'delivery'];

export async function fault(world: World, request: z.output<typeof faultRequest>): Promise<FaultReply> {
  const { target, kind, method } = request;
  const count = request.count ?? 1;
  if (ownTargets.includes(target)) {
    if (kind === 'clear') world.faults.clear(target);
    else world.faults.add({ target, kind, count, method });
    return activeFaults(world);
  }
  if (world.hooks.fault === undefined)
    throw new PlayProblem(
      404,
      'no_such_target',
      `There is no target "${target}"; there are: ${ownTargets.join(', ')}.`,
    );
  const active = await world.hooks.fault({ target, kind, count }).catch((error: unknown) => {
    throw new PlayProblem(400, 'fault_refused', error instanceof Error ? error.message : String(error));
  });
  return { ok: true, active: [...world.faults.active(), ...active] };
}

/** What is in force, of the stand-in's own faults and of those beyond it. */
export async function activeFaults(world: World): Promise<FaultReply> {
  return { ok: true, active: [...world.faults.active(), ...((await world.hooks.faults?.()) ?? [])] };
}

export async function warehouse(
  world: World,
  request: z.output<typeof warehouseRequest>,
): Promise<WarehouseReply> {
  if (world.hooks.warehouse === undefined)
    throw new PlayProblem(404, 'no_warehouse', 'This playground has no warehouse.');
  const { id, name, email } = personOf(world, request.as);
  return world.hooks.warehouse({ as: { id, name, email }, sql: request.sql });
}

export async function story(
  world: World,
  request: z.output<typeof storyRequest> | null,
): Promise<StoryReply> {
  const { story: hook } = world.hooks;
  if (hook === undefined) throw new PlayProblem(404, 'no_story', 'This playground has no story.');
  if (request === null) return { ok: true, steps: await hook.steps() };
  const known = await hook.steps();
  // Named in words or with underscores it is still that step.
  const step = request.step
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_]+/g, '-');
  if (!known.some((s) => s.step === step)) {
    throw new PlayProblem(
      404,
      'no_such_step',
      `There is no step "${request.step}"; there are: ${known.map((s) => s.step).join(', ')}.`,
    );
  }
  const text = await hook.run(step);
  const steps = await hook.steps();
  world.live.emit({ type: 'story', steps });
  return { ok: true, steps, text };
}

export async function options(world: World, request: z.output<typeof optionsRequest>): Promise<OptionsReply> {
  const person = personOf(world, request.as);
  const { place, found } = elementFor(world, person, request);
  if (!String(found.element.type).includes('external_select'))
    throw new PlayProblem(409, 'not_external', 'Only external selects ask the app for options.');
  const { min_query_length: minLength } = found.element;
  const least = typeof minLength === 'number' ? minLength : 3;
  if (request.value.length < least) return { ok: true, options: [], option_groups: [], ackMs: 0 };
  return askOptions(world, person, place, found, request.value);
}

export function read(
  world: World,
  request: z.output<typeof readRequest>,
): { unread: ReturnType<typeof unread> } {
  const person = personOf(world, request.as);
  const channel = visibleChannel(world, person, request.channel);
  const ts = request.ts ?? world.messages.order(channel.id).at(-1) ?? '';
  const key = `${person.id}:${channel.id}`;
  if (ts > (world.state.reads.get(key) ?? '')) world.state.reads.put(key, ts);
  world.live.emit(
    { type: 'unread', person: person.id, channel: channel.id, unread: unreadOf(world, channel, person.id) },
    onlyTo(person.id),
  );
  if (channel.kind === 'im') emitUnread(world, channel);
  return { unread: unread(world, person.id) };
}

export function shownFile({ id, name, title, mimetype, size, alt_txt }: FileRecord): PlayFile {
  return { id, name, title, mimetype, size, alt_txt, play_url: `/_play/file?id=${id}` };
}

export function upload(world: World, request: z.output<typeof uploadRequest>): UploadReply {
  const person = personOf(world, request.as);
  const bytes = Buffer.from(request.base64, 'base64');
  if (bytes.length === 0 || bytes.length > fileBytesMax)
    throw new PlayProblem(400, 'invalid_size', `A file has 1 to ${fileBytesMax} bytes.`);
  const file: FileRecord = {
    id: world.state.nextId('F'),
    name: request.name,
    title: request.name,
    mimetype: request.mimetype ?? mimeOf(request.name),
    size: bytes.length,
    alt_txt: '',
    user: person.id,
    created: nowSeconds(world),
    channels: [],
    base64: bytes.toString('base64'),
  };
  world.state.files.put(file.id, file);
  return { file: shownFile(file) };
}

const behindMax = 500;

export async function behind(
  world: World,
  query: { after?: string | undefined; kind?: string | undefined; limit: number },
): Promise<BehindReply> {
  const limit = Math.min(query.limit, behindMax);
  const foreign: BehindEntry[] =
    (await world.hooks.behind?.({ since: new Date(0).toISOString(), limit })) ?? [];
  const all = [...world.behind.since(undefined), ...foreign].sort((a, b) =>
    a.at < b.at ? -1 : a.at > b.at ? 1 : 0,
  );
  const from = query.after === undefined ? 0 : all.findIndex((entry) => entry.id === query.after) + 1;
  const wanted = all.slice(from).filter((entry) => query.kind === undefined || entry.kind === query.kind);
  return { entries: wanted.slice(-limit) };
}

export function stats(world: World, api: Api): StatsReply {
  return { deliveries: world.delivery.stats(), calls: api.stats() };
}
