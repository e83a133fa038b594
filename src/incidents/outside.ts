import type { Db } from '../db/database.js';

/** What other systems hold of an incident, and what keeps them from hearing of it. */
export interface Outside {
  pages: {
    pager: string;
    state: 'wanted' | 'sent' | 'acknowledged' | 'resolved' | 'failed';
    trouble: string | null;
  }[];
  tickets: {
    tracker: string;
    /** The task or follow-up that it stands for; null: the incident itself. */
    task: number | null;
    /** The tracker's own name of it, and where it is read; null until it was made. */
    name: string | null;
    url: string | null;
    trouble: string | null;
    /** Nothing is tried any more. */
    givenUp: boolean;
  }[];
}

/** Read from what the work for the outside has noted down. */
export async function outsideOf(db: Db, incidentId: string): Promise<Outside> {
  const pages = await db
    .selectFrom('incident_page')
    .select(['pager', 'state', 'last_error'])
    .where('incident_id', '=', incidentId)
    .orderBy('created_at')
    .execute();
  const links = await db
    .selectFrom('incident_link')
    .leftJoin('incident_task', 'incident_task.id', 'incident_link.task_id')
    .select([
      'incident_link.id',
      'incident_link.system',
      'incident_link.external_id',
      'incident_link.url',
      'incident_link.last_error',
      'incident_task.number',
    ])
    .where('incident_link.incident_id', '=', incidentId)
    .where('incident_link.kind', '=', 'ticket')
    .orderBy('incident_link.created_at')
    .limit(20)
    .execute();
  const tickets: Outside['tickets'] = [];
  for (const { id, system, external_id, url, last_error, number } of links) {
    const work =
      external_id === null
        ? await db
            .selectFrom('outbox')
            .select('state')
            .where('lane', '=', ticketLane(id))
            .orderBy('id', 'desc')
            .limit(1)
            .executeTakeFirst()
        : undefined;
    tickets.push({
      tracker: system ?? '',
      task: number,
      name: external_id,
      url,
      trouble: external_id === null ? last_error : null,
      // What was given up is cleared away after some days.
      givenUp: external_id === null && (work === undefined || work.state === 'dead'),
    });
  }
  return {
    pages: pages.map(({ pager, state, last_error }) => ({
      pager,
      state,
      trouble: state === 'wanted' || state === 'failed' ? last_error : null,
    })),
    tickets,
  };
}

/** Work for one ticket is done in its order. */
export function ticketLane(linkId: string): string {
  return `incident-ticket:${linkId}`;
}
