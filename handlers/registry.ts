import type {
  ActionHandler,
  EventHandler,
  OptionsHandler,
  ShortcutHandler,
  ViewHandler,
} from '../src/slack/surface.js';
import { accessActionHandlers } from './actions/access.js';
import { answerActions } from './actions/answer.js';
import { answerFeedbackActions } from './actions/answer-feedback.js';
import { answerGapActions } from './actions/answer-gap.js';
import { answerLookActions } from './actions/answer-look.js';
import { approvalActions } from './actions/approval.js';
import {
  backfillActions,
  backfillFormActions,
  backfillPreviewAction,
  backfillRequestAction,
} from './actions/backfill.js';
import { definitionProposeAction, definitionWithdrawAction } from './actions/definition.js';
import { incidentActionHandlers } from './actions/incident.js';
import { noticeActions } from './actions/notices.js';
import { releaseActionHandlers } from './actions/release.js';
import { subscriptionActionHandlers } from './actions/subscription.js';
import { approvalThread } from './events/approval-thread.js';
import { incidentEventHandlers } from './events/incident.js';
import { linkSharedHandler } from './events/link-shared.js';
import { accessOptions } from './options/access.js';
import { backfillPipelineOptions } from './options/backfill-pipeline.js';
import { incidentAssetOptions } from './options/incident.js';
import { accessShortcuts } from './shortcuts/access.js';
import { backfillMessageShortcut, backfillShortcut } from './shortcuts/backfill.js';
import { declareFromMessage, declareShortcut } from './shortcuts/incident.js';
import { accessRequestView } from './views/access-request.js';
import { accessReviewView } from './views/access-review.js';
import { gapCloseView } from './views/answer-gap.js';
import { gapPlanView, gapWishView } from './views/answer-wish.js';
import {
  accessRevokeView,
  approvalBreakGlassView,
  approvalDelegateView,
  approvalDenyView,
  approvalReassignView,
  approvalShortenView,
} from './views/approval-forms.js';
import { backfillRequestView } from './views/backfill-request.js';
import { definitionViews } from './views/definition.js';
import { incidentViews } from './views/incident.js';
import { releaseEditView } from './views/release.js';

/** Every other way in. One line each. */
export const actionHandlers: readonly ActionHandler[] = [
  ...accessActionHandlers,
  ...approvalActions,
  ...answerActions,
  ...answerGapActions,
  ...answerFeedbackActions,
  ...answerLookActions,
  ...backfillFormActions,
  backfillPreviewAction,
  backfillRequestAction,
  backfillActions,
  definitionProposeAction,
  definitionWithdrawAction,
  ...releaseActionHandlers,
  ...subscriptionActionHandlers,
  ...incidentActionHandlers,
  ...noticeActions,
];
export const viewHandlers: readonly ViewHandler[] = [
  gapCloseView,
  gapPlanView,
  gapWishView,
  accessRequestView,
  accessReviewView,
  accessRevokeView,
  approvalBreakGlassView,
  approvalDelegateView,
  approvalDenyView,
  approvalReassignView,
  approvalShortenView,
  backfillRequestView,
  ...definitionViews,
  releaseEditView,
  ...incidentViews,
];
export const optionsHandlers: readonly OptionsHandler[] = [
  ...accessOptions,
  backfillPipelineOptions,
  incidentAssetOptions,
];
export const shortcutHandlers: readonly ShortcutHandler[] = [
  ...accessShortcuts,
  backfillShortcut,
  backfillMessageShortcut,
  declareFromMessage,
  declareShortcut,
];
export const eventHandlers: readonly EventHandler[] = [
  approvalThread,
  linkSharedHandler,
  ...incidentEventHandlers,
];
