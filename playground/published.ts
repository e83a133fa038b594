import type { Published } from '../src/contract/published.js';
import { playError } from './protocol/replies/world.js';
import { repliesByCall } from './protocol/replies.js';
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
} from './protocol.js';

/** What the control API's calls take. */
const requests = {
  'play-act': { schema: actRequest, what: '`POST /_play/act`', direction: 'read' },
  'play-options': { schema: optionsRequest, what: '`POST /_play/options`', direction: 'read' },
  'play-channel': { schema: channelRequest, what: '`POST /_play/channel`', direction: 'read' },
  'play-person': { schema: personRequest, what: '`POST /_play/person`', direction: 'read' },
  'play-read': { schema: readRequest, what: '`POST /_play/read`', direction: 'read' },
  'play-upload': { schema: uploadRequest, what: '`POST /_play/upload`', direction: 'read' },
  'play-clock': { schema: clockRequest, what: '`POST /_play/clock`', direction: 'read' },
  'play-fault': { schema: faultRequest, what: '`POST /_play/fault`', direction: 'read' },
  'play-warehouse': { schema: warehouseRequest, what: '`POST /_play/warehouse`', direction: 'read' },
  'play-story': { schema: storyRequest, what: '`POST /_play/story`', direction: 'read' },
} satisfies Record<string, Published>;

/** What they answer: `play-reply-get-messages.json` for `GET /_play/messages`. */
const replies = Object.entries(repliesByCall).map(([call, schema]): [string, Published] => {
  const [method = '', name = ''] = call.split(' ');
  const what = `what \`${method} /_play/${name}\` answers`;
  return [`play-reply-${method.toLowerCase()}-${name}`, { schema, what, direction: 'written' }];
});

/** The control API's shapes, for docs/contract. */
export const controlShapes: Record<string, Published> = {
  ...requests,
  ...Object.fromEntries(replies),
  'play-reply-error': {
    schema: playError,
    what: 'what every call under `/_play/` answers when it cannot do what it was asked to',
    direction: 'written',
  },
};
