import type { z } from 'zod';
import type { Api } from '../api/call.js';
import {
  actRequest,
  channelRequest,
  clockRequest,
  faultRequest,
  optionsRequest,
  personRequest,
  readRequest,
  storyRequest,
  uploadRequest,
  warehouseRequest,
} from '../protocol.js';
import type { World } from '../world.js';
import { act } from './act.js';
import { changeChannel, changePerson } from './by-hand.js';
import { PlayProblem } from './problem.js';
import { channelDetail, channels, home, info, messages, people, unread, views } from './read.js';
import {
  activeFaults,
  advanceClock,
  behind,
  clockNow,
  fault,
  options,
  read,
  stats,
  story,
  upload,
  warehouse,
} from './world-calls.js';

/** Every control call but the live stream and files, by method and path. */

export interface PlayQuery {
  get(name: string): string | undefined;
}
type Route = (query: PlayQuery, body: unknown) => Promise<object> | object;

function required(query: PlayQuery, name: string): string {
  const value = query.get(name);
  if (value === undefined) throw new PlayProblem(400, 'missing_parameter', `Give ${name}.`);
  return value;
}

/** A body of the published shape, or a sentence naming what is wrong with it. */
function parsed<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new PlayProblem(
    400,
    'invalid_request',
    `${issue?.path.join('.') || 'body'}: ${issue?.message ?? 'wrong shape'}`,
  );
}

export function playRoutes(world: World, api: Api, transport: 'http' | 'socket'): { [route: string]: Route } {
  return {
    'GET info': () => info(world, transport),
    'GET people': () => people(world),
    'GET channels': (query) => channels(world, query.get('person')),
    'GET channel': (query) => channelDetail(world, required(query, 'channel'), query.get('person')),
    'GET messages': (query) => {
      const limit = query.get('limit');
      return messages(world, {
        channel: query.get('channel'),
        person: query.get('person'),
        thread: query.get('thread'),
        roots: query.get('roots') === '1',
        before: query.get('before'),
        after: query.get('after'),
        limit: limit === undefined ? undefined : Number(limit),
      });
    },
    'GET views': (query) => views(world, required(query, 'person')),
    'GET home': (query) => home(world, required(query, 'person')),
    'GET unread': (query) => ({ unread: unread(world, required(query, 'person')) }),
    'GET clock': () => clockNow(world),
    'GET fault': () => activeFaults(world),
    'GET story': () => story(world, null),
    'GET stats': () => stats(world, api),
    'GET behind': (query) =>
      behind(world, {
        after: query.get('after'),
        kind: query.get('kind'),
        limit: Number(query.get('limit') ?? 100),
      }),
    'POST act': (_query, body) => act(world, parsed(actRequest, body)),
    'POST options': (_query, body) => options(world, parsed(optionsRequest, body)),
    'POST channel': (_query, body) => changeChannel(world, parsed(channelRequest, body)),
    'POST person': (_query, body) => changePerson(world, parsed(personRequest, body)),
    'POST read': (_query, body) => read(world, parsed(readRequest, body)),
    'POST upload': (_query, body) => upload(world, parsed(uploadRequest, body)),
    'POST clock': (_query, body) => advanceClock(world, parsed(clockRequest, body)),
    'POST fault': (_query, body) => fault(world, parsed(faultRequest, body)),
    'POST warehouse': (_query, body) => warehouse(world, parsed(warehouseRequest, body)),
    'POST story': (_query, body) => story(world, parsed(storyRequest, body)),
  };
}
