import type {
  ActionHandler,
  EventHandler,
  OptionsHandler,
  ShortcutHandler,
  ViewHandler,
} from '../src/slack/surface.js';
import { answerActions } from './actions/answer.js';
import { backfillActions, backfillPreviewAction, backfillRequestAction } from './actions/backfill.js';
import { incidentActionHandlers } from './actions/incident.js';
import { incidentEventHandlers } from './events/incident.js';
import { backfillPipelineOptions } from './options/backfill-pipeline.js';
import { incidentAssetOptions } from './options/incident.js';
import { backfillMessageShortcut, backfillShortcut } from './shortcuts/backfill.js';
import { declareFromMessage, declareShortcut } from './shortcuts/incident.js';
import { backfillRequestView } from './views/backfill-request.js';
import { incidentViews } from './views/incident.js';

/** Every other way in. One line each. */
export const actionHandlers: readonly ActionHandler[] = [
  ...answerActions,
  backfillPreviewAction,
  backfillRequestAction,
  backfillActions,
  ...incidentActionHandlers,
];
export const viewHandlers: readonly ViewHandler[] = [backfillRequestView, ...incidentViews];
export const optionsHandlers: readonly OptionsHandler[] = [backfillPipelineOptions, incidentAssetOptions];
export const shortcutHandlers: readonly ShortcutHandler[] = [
  backfillShortcut,
  backfillMessageShortcut,
  declareFromMessage,
  declareShortcut,
];
export const eventHandlers: readonly EventHandler[] = [...incidentEventHandlers];
