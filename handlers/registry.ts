import type {
  ActionHandler,
  EventHandler,
  OptionsHandler,
  ShortcutHandler,
  ViewHandler,
} from '../src/slack/surface.js';
import { answerActions } from './actions/answer.js';
import { backfillActions, backfillPreviewAction, backfillRequestAction } from './actions/backfill.js';
import { backfillPipelineOptions } from './options/backfill-pipeline.js';
import { backfillMessageShortcut, backfillShortcut } from './shortcuts/backfill.js';
import { backfillRequestView } from './views/backfill-request.js';

/** Every other way in. One line each. */
export const actionHandlers: readonly ActionHandler[] = [
  ...answerActions,
  backfillPreviewAction,
  backfillRequestAction,
  backfillActions,
];
export const viewHandlers: readonly ViewHandler[] = [backfillRequestView];
export const optionsHandlers: readonly OptionsHandler[] = [backfillPipelineOptions];
export const shortcutHandlers: readonly ShortcutHandler[] = [backfillShortcut, backfillMessageShortcut];
export const eventHandlers: readonly EventHandler[] = [];
