import { z } from 'zod';
import { loadIncident } from '../incidents/incident.js';
import { draftKind, keepDraft } from '../incidents/report/draft.js';
import { timelineOf } from '../incidents/timeline.js';
import { draftReview } from '../llm/draft-review.js';
import { defineEffect } from './effect.js';

/** Drafts the review from the timeline, where there is a model; what it makes is marked as a draft wherever it is shown. */
export const incidentReviewDraft = defineEffect({
  kind: draftKind,
  queue: 'io',
  payload: z.object({ incidentId: z.uuid() }),
  async run(services, { incidentId }, { now }) {
    const { model } = services;
    const incident = await loadIncident(services.db, incidentId);
    if (model === null || incident === null || incident.private) return { done: true };
    const timeline = await timelineOf(services, incidentId);
    const people = await services.db
      .selectFrom('incident_member')
      .innerJoin('person', 'person.id', 'incident_member.person_id')
      .select('person.name')
      .where('incident_member.incident_id', '=', incidentId)
      .execute();
    const sentences = await draftReview(
      model,
      timeline.map(({ id, text }) => ({ id, text })),
      { names: people.map(({ name }) => name), personId: incident.declared_by ?? incidentId, now },
    );
    if (sentences !== null)
      await keepDraft(services, incidentId, {
        at: now.toISOString(),
        sentences: sentences.map(({ text, cites }) => ({ text, cites: [...cites] })),
      });
    return { done: true };
  },
});
