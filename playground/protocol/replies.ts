import type { z } from 'zod';
import { actReply, optionsReply } from './replies/acts.js';
import { behindReply } from './replies/behind.js';
import { channelChangedReply, channelReply, channelsReply, unreadReply } from './replies/channels.js';
import { messagesReply, uploadReply } from './replies/messages.js';
import { peopleReply, personReply } from './replies/people.js';
import { homeReply, viewsReply } from './replies/views.js';
import {
  clockReply,
  faultReply,
  infoReply,
  statsReply,
  storyReply,
  warehouseReply,
} from './replies/world.js';

/** What each call answers when it does what it was asked to; a failure is `playError`. `file` answers bytes, `live` a stream. */
export const repliesByCall = {
  'GET info': infoReply,
  'GET people': peopleReply,
  'GET channels': channelsReply,
  'GET channel': channelReply,
  'GET messages': messagesReply,
  'GET views': viewsReply,
  'GET home': homeReply,
  'GET unread': unreadReply,
  'GET clock': clockReply,
  'GET fault': faultReply,
  'GET story': storyReply,
  'GET stats': statsReply,
  'GET behind': behindReply,
  'POST act': actReply,
  'POST options': optionsReply,
  'POST channel': channelChangedReply,
  'POST person': personReply,
  'POST read': unreadReply,
  'POST upload': uploadReply,
  'POST clock': clockReply,
  'POST fault': faultReply,
  'POST warehouse': warehouseReply,
  'POST story': storyReply,
} satisfies Record<string, z.ZodType>;
export type Call = keyof typeof repliesByCall;
