import type { Services } from '../../services.js';
import { type Incident, referenceOf } from '../incident.js';
import { tasksOf } from '../tasks.js';
import { timelineOf } from '../timeline.js';

/** What somebody who comes late needs: known, done, open, who. Each from the timeline, nothing invented. */
export interface Catchup {
  reference: string;
  title: string;
  state: string;
  severity: string;
  known: { text: string; at: Date }[];
  done: { text: string; at: Date }[];
  open: string[];
  who: { role: string; name: string }[];
  nextUpdateAt: Date | null;
}

/** @param isReadable lines that may be shown; the newest of those are taken. */
export async function catchupOf(
  services: Services,
  incident: Incident,
  isReadable: (line: { kind: string; text: string }) => boolean,
): Promise<Catchup> {
  const events = (await timelineOf(services, incident.id)).filter(isReadable);
  const tasks = await tasksOf(services, incident.id);
  const roles = await services.db
    .selectFrom('incident_role')
    .innerJoin('person', 'person.id', 'incident_role.person_id')
    .select(['incident_role.role', 'person.name'])
    .where('incident_role.incident_id', '=', incident.id)
    .execute();
  const pick = (kinds: readonly string[], count: number) =>
    events
      .filter(({ kind }) => kinds.includes(kind))
      .slice(-count)
      .map(({ text, at }) => ({ text, at }));
  const open = tasks
    .filter(({ state }) => state === 'open')
    .map(({ title, kind }) => (kind === 'checklist' ? `runbook: ${title}` : title));
  if (!roles.some(({ role }) => role === 'lead')) open.unshift('nobody leads yet');
  return {
    reference: referenceOf(incident),
    title: incident.title,
    state: incident.state,
    severity: incident.severity,
    known: pick(['start', 'alert', 'update', 'note', 'message', 'asset', 'merge', 'definition', 'test'], 8),
    done: pick(['action', 'task', 'state', 'severity', 'backfill', 'page'], 8),
    open: open.slice(0, 10),
    who: roles.map(({ role, name }) => ({ role, name })),
    nextUpdateAt: incident.next_update_at,
  };
}
