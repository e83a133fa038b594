import { z } from 'zod';
import { optionalText, text } from '../reading.js';

/** What every V3 event has, a test ping too: what it is about. */
export const pagerDutyEventType = z.object({
  event: z.object({
    event_type: z.string(),
    data: z.object({ type: z.string().default('incident') }),
  }),
});

/** PagerDuty V3 webhook (webhook subscriptions), incident events. */
export const pagerDutyEvent = z.object({
  event: z.object({
    id: z.string(),
    event_type: z.string(),
    occurred_at: z.string(),
    data: z.object({
      id: z.string(),
      type: z.string().default('incident'),
      status: optionalText,
      title: optionalText,
      html_url: optionalText,
      incident_key: optionalText,
      number: text.nullish(),
      urgency: optionalText,
      created_at: optionalText,
      service: z.object({ id: optionalText, summary: optionalText }).nullish(),
      priority: z.object({ summary: optionalText }).nullish(),
      assignees: z.array(z.object({ summary: optionalText })).catch([]),
    }),
  }),
});
