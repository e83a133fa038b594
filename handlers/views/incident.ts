import type { ViewHandler } from '../../src/slack/surface.js';
import { closeView } from './incident/close.js';
import { declareView } from './incident/declare.js';
import { keyTimesView } from './incident/key-times.js';
import { reopenView } from './incident/reopen.js';
import { severityView } from './incident/severity.js';
import { suspendView } from './incident/suspend.js';
import { timelineView } from './incident/timeline.js';
import { timelineEntryView } from './incident/timeline-entry.js';
import { updateView } from './incident/update.js';

/** Every form of incidents. */
export const incidentViews: readonly ViewHandler[] = [
  declareView,
  updateView,
  closeView,
  reopenView,
  severityView,
  suspendView,
  timelineView,
  timelineEntryView,
  keyTimesView,
];
