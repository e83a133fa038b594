import type { Published } from '../src/contract/published.js';
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

/** Bodies of the control API's calls, for docs/contract. What they answer is typed in `protocol.ts` and told in docs/playground.md. */
export const controlShapes = {
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
