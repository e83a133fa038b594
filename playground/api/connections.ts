import { z } from 'zod';
import { checkBlocks, checkView, wordOf } from '../block-kit/validate.js';
import type { SocketTransport } from '../delivery/socket-transport.js';
import type { World } from '../world.js';
import { object, objects } from './arguments.js';
import { defineMethod } from './define-method.js';
import type { Method } from './method.js';
import { refuse, SlackRefusal } from './refusal.js';

/** `apps.connections.open` for Socket Mode, and `blocks.validate`, which needs no token. */
export function connectionMethods(sockets: SocketTransport | null): Method[] {
  return [
    defineMethod({
      name: 'apps.connections.open',
      tier: 't2',
      token: 'app',
      refusals: ['not_allowed_token_type', 'socket_mode_not_enabled'],
      args: z.strictObject({}),
      run: (world: World) => {
        if (sockets === null) refuse('socket_mode_not_enabled');
        return { url: sockets.ticket(world.origin()) };
      },
    }),
    defineMethod({
      name: 'blocks.validate',
      tier: 'special',
      token: 'none',
      refusals: ['invalid_blocks'],
      args: z.strictObject({
        blocks: objects.optional(),
        message: object.optional(),
        view: object.optional(),
      }),
      run: (_world, args) => {
        const problems =
          args.view !== undefined
            ? checkView(args.view)
            : checkBlocks(args.blocks ?? args.message?.blocks ?? [], 'message');
        if (problems.length > 0) throw new SlackRefusal('invalid_blocks', { errors: problems.map(wordOf) });
        return {};
      },
    }),
  ];
}
