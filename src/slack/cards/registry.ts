import type { CardRenderer } from '../card.js';
import { accessDriftCard } from './access-drift.js';
import { accessExtensionCard } from './access-extension.js';
import { accessNoteCard } from './access-note.js';
import { accessRequestCard } from './access-request.js';
import { accessReviewCard } from './access-review.js';
import { accessTaskCard } from './access-task.js';
import { answerGapCard } from './answer-gap.js';
import {
  approvalOutcomeCard,
  approvalReminderCard,
  breakGlassCard,
  policyBrokenCard,
} from './approval-notices.js';
import { backfillCard } from './backfill.js';
import { backfillEventCard } from './backfill-event.js';
import { catalogSourceCard } from './catalog-source.js';
import { definitionCard } from './definition.js';
import { definitionNoteCard } from './definition-note.js';
import { incidentCardRenderer } from './incident.js';
import { incidentDigestCard, incidentHandoffCard, incidentStatisticsCard } from './incident-digest.js';
import { incidentTaskCard } from './incident-task.js';
import { aliasCard, goldenDropCard } from './learning.js';
import { lineagePictureCard } from './lineage-picture.js';
import { noticeDigestCard } from './notice-digest.js';
import { plannedWorkNotice } from './planned-work.js';
import { brokenContractCard, releaseDraftCard, releaseNoteCard } from './release-note.js';
import { replyCard } from './reply.js';

/** One line each. */
const kinds: readonly CardRenderer[] = [
  accessReviewCard,
  accessRequestCard,
  accessDriftCard,
  accessNoteCard,
  accessTaskCard,
  accessExtensionCard,
  approvalReminderCard,
  approvalOutcomeCard,
  breakGlassCard,
  policyBrokenCard,
  catalogSourceCard,
  replyCard,
  answerGapCard,
  aliasCard,
  goldenDropCard,
  backfillCard,
  backfillEventCard,
  definitionCard,
  definitionNoteCard,
  releaseDraftCard,
  releaseNoteCard,
  brokenContractCard,
  incidentCardRenderer,
  incidentTaskCard,
  incidentDigestCard,
  incidentHandoffCard,
  incidentStatisticsCard,
  lineagePictureCard,
  plannedWorkNotice,
];

/** Every kind of card; the daily digest is made of the others. */
export const cards: readonly CardRenderer[] = [...kinds, noticeDigestCard(kinds)];
