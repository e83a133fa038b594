import type { RegisteredEffect } from './effect.js';
import { incidentArchive } from './incident-archive.js';
import { incidentCapture, incidentWelcome } from './incident-capture.js';
import { incidentChannel } from './incident-channel.js';
import {
  incidentPagedAck,
  incidentRegroup,
  incidentRule,
  incidentTaskDue,
  incidentTimer,
} from './incident-clock.js';
import { incidentArtifacts, incidentPage, incidentTicket, incidentWebhook } from './incident-outside.js';
import { incidentReviewDraft } from './incident-review-draft.js';
import { incidentTicketRead } from './incident-ticket-read.js';

/** Everything incidents do in the world. */
export const incidentEffects: readonly RegisteredEffect[] = [
  incidentTimer,
  incidentRegroup,
  incidentRule,
  incidentPagedAck,
  incidentTaskDue,
  incidentChannel,
  incidentArchive,
  incidentCapture,
  incidentWelcome,
  incidentPage,
  incidentTicket,
  incidentTicketRead,
  incidentReviewDraft,
  incidentWebhook,
  incidentArtifacts,
];
