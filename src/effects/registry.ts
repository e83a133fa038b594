import { approvalEscalate, approvalExpire, approvalRemind } from './access-approval-timers.js';
import { accessHoldSettled } from './access-hold.js';
import { accessApply, accessExpire, accessStart, accessWarn } from './access-work.js';
import { backfillEffects } from './backfill-effects.js';
import { definitionEffects } from './definition-notice.js';
import type { RegisteredEffect } from './effect.js';
import { incidentEffects } from './incident-effects.js';
import { slackSend } from './slack-send.js';
import { slackUnfurl } from './slack-unfurl.js';
import { slackUpdate } from './slack-update.js';

/** Every job processor. One line each. */
export const effects: readonly RegisteredEffect[] = [
  accessApply,
  accessExpire,
  accessHoldSettled,
  accessStart,
  accessWarn,
  approvalEscalate,
  approvalExpire,
  approvalRemind,
  slackSend,
  slackUpdate,
  slackUnfurl,
  ...definitionEffects,
  ...backfillEffects,
  ...incidentEffects,
];
