import type { RegisteredEffect } from './effect.js';
import { backfillEffects } from './backfill-effects.js';
import { slackSend } from './slack-send.js';
import { slackUpdate } from './slack-update.js';

/** Every job processor. One line each. */
export const effects: readonly RegisteredEffect[] = [slackSend, slackUpdate, ...backfillEffects];
