import type { SocketTransport } from '../delivery/socket-transport.js';
import { agentMethods } from './agents.js';
import { chatMethods } from './chat.js';
import { laterMethods } from './chat-later.js';
import { connectionMethods } from './connections.js';
import { conversationMethods } from './conversations.js';
import { conversationReadMethods } from './conversations-read.js';
import { fileMethods } from './files.js';
import { markMethods } from './marks.js';
import type { Method } from './method.js';
import { peopleMethods } from './people.js';
import { viewMethods } from './views.js';

/** Every Web API method the stand-in answers, by name. */
export function makeRegistry(sockets: SocketTransport | null): ReadonlyMap<string, Method> {
  const all = [
    ...chatMethods,
    ...laterMethods,
    ...conversationMethods,
    ...conversationReadMethods,
    ...viewMethods,
    ...peopleMethods,
    ...markMethods,
    ...fileMethods,
    ...agentMethods,
    ...connectionMethods(sockets),
  ];
  return new Map(all.map((method) => [method.name, method]));
}
