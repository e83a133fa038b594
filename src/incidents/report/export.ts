import { z } from 'zod';
import type { Person } from '../../people/person.js';
import type { Services } from '../../services.js';
import { walkRadius } from '../blast/walk.js';
import { assetsOf, type Incident, incidentByNumber, referenceOf } from '../incident.js';
import { tasksOf } from '../tasks.js';
import { timelineOf } from '../timeline.js';
import { draftAgainst } from './draft.js';

const time = z.iso.datetime().nullable();

/** `steward incident export <n> --json`: published in docs/contract. Times are UTC, ISO 8601. */
export const incidentExport = z.object({
  reference: z.string(),
  number: z.number().int(),
  title: z.string(),
  summary: z.string(),
  state: z.string(),
  severity: z.string(),
  kind: z.enum(['incident', 'data_exposure']),
  private: z.boolean(),
  drill: z.boolean(),
  cause: z.string().nullable(),
  fixed_by: z.string().nullable(),
  declared_via: z.string(),
  merged_into: z.string().nullable(),
  times: z.object({
    started: time,
    detected: time,
    declared: time,
    acknowledged: time,
    identified: time,
    mitigated: time,
    resolved: time,
    closed: time,
  }),
  /** Seconds; null while an end is missing. */
  durations: z.object({
    to_detect: z.number().nullable(),
    to_acknowledge: z.number().nullable(),
    to_mitigate: z.number().nullable(),
    to_resolve: z.number().nullable(),
  }),
  blast_radius: z.object({
    /** Native ids of what is broken. */
    broken: z.array(z.string()),
    /** What a walk along `child_map` from the broken nodes reaches: tests are left out; semantic models and saved queries are steps, not assets. Native ids, nearest first. */
    reached: z.array(z.string()),
    assets: z.array(
      z.object({
        source_id: z.string(),
        kind: z.string(),
        name: z.string(),
        relation: z.enum(['direct', 'downstream']),
        distance: z.number().int(),
        tier: z.number().int().nullable(),
        owners: z.array(z.string()),
      }),
    ),
    consumers: z.number().int(),
  }),
  roles: z.array(z.object({ role: z.string(), person: z.string() })),
  timeline: z.array(
    z.object({
      at: z.string(),
      kind: z.string(),
      text: z.string(),
      by: z.string().nullable(),
      link: z.string().nullable(),
    }),
  ),
  /** What a model made of the timeline: sentences with the numbers (from 1) of the entries they rest on. A draft, read by nobody yet; empty without a model. */
  draft: z.array(z.object({ text: z.string(), entries: z.array(z.number().int()) })),
  updates: z.array(
    z.object({
      number: z.number().int(),
      at: z.string(),
      wrong: z.string(),
      do_not_use: z.string().nullable(),
      use_instead: z.string().nullable(),
      eta: time,
      next_update_at: time,
    }),
  ),
  tasks: z.array(
    z.object({
      number: z.number().int(),
      kind: z.string(),
      action: z.string().nullable(),
      title: z.string(),
      state: z.string(),
      owner: z.string().nullable(),
      due_at: time,
      link: z.string().nullable(),
    }),
  ),
  alerts: z.array(
    z.object({
      source: z.string(),
      title: z.string(),
      status: z.string(),
      at: z.string(),
      url: z.string().nullable(),
    }),
  ),
});
export type IncidentExport = z.infer<typeof incidentExport>;

/** Everything about one incident, as this person (or the operator: null with `all`) may see it. */
export async function exportIncident(
  services: Services,
  params: { number: number; person: Person | null; all?: boolean },
): Promise<IncidentExport> {
  const incident = params.all
    ? await services.db
        .selectFrom('incident')
        .selectAll()
        .where('number', '=', params.number)
        .executeTakeFirst()
    : await incidentByNumber(services, params.person, params.number);
  // The operator's shell is not a member either: a private incident is exported by its members.
  if (incident === undefined || (params.all && incident.private))
    return exportOf(services, await incidentByNumber(services, params.person, params.number));
  return exportOf(services, incident);
}

export async function exportOf(services: Services, incident: Incident): Promise<IncidentExport> {
  const { db } = services;
  const { view } = services.catalog.current();
  const stored = await assetsOf(db, incident.id);
  const broken = stored.filter(({ relation }) => relation === 'direct').map(({ asset_id }) => asset_id);
  const nativeId = (id: string, name: string): string => view.get(id)?.sourceId ?? name;
  const names = await namesOf(services);
  const events = await timelineOf(services, incident.id);
  const updates = await db
    .selectFrom('incident_update')
    .selectAll()
    .where('incident_id', '=', incident.id)
    .orderBy('number')
    .execute();
  const roles = await db
    .selectFrom('incident_role')
    .selectAll()
    .where('incident_id', '=', incident.id)
    .execute();
  const alerts = await db
    .selectFrom('alert')
    .innerJoin('alert_group', 'alert_group.id', 'alert.group_id')
    .select(['alert.source', 'alert.title', 'alert.status', 'alert.at', 'alert.url'])
    .where('alert_group.incident_id', '=', incident.id)
    .orderBy('alert.at')
    .limit(1_000)
    .execute();
  const consumers = await db
    .selectFrom('asset_asked')
    .innerJoin('incident_asset', 'incident_asset.asset_id', 'asset_asked.asset_id')
    .select(({ fn }) => fn.count<string>('asset_asked.person_id').distinct().as('count'))
    .where('incident_asset.incident_id', '=', incident.id)
    .executeTakeFirst();
  const iso = (at: Date | null): string | null => at?.toISOString() ?? null;
  const seconds = (from: Date | null, to: Date | null): number | null =>
    from === null || to === null ? null : Math.max(0, Math.round((to.getTime() - from.getTime()) / 1000));
  const begin = incident.started_at ?? incident.detected_at;
  return {
    reference: referenceOf(incident),
    number: incident.number,
    title: incident.title,
    summary: incident.summary,
    state: incident.state,
    severity: incident.severity,
    kind: incident.kind,
    private: incident.private,
    drill: incident.drill,
    cause: incident.cause,
    fixed_by: incident.fixed_by,
    declared_via: incident.declared_via,
    merged_into: incident.merged_into,
    times: {
      started: iso(incident.started_at),
      detected: iso(incident.detected_at),
      declared: iso(incident.declared_at),
      acknowledged: iso(incident.acknowledged_at),
      identified: iso(incident.identified_at),
      mitigated: iso(incident.mitigated_at),
      resolved: iso(incident.resolved_at),
      closed: iso(incident.closed_at),
    },
    durations: {
      to_detect: seconds(incident.started_at, incident.detected_at),
      to_acknowledge: seconds(incident.declared_at, incident.acknowledged_at),
      to_mitigate: seconds(begin, incident.mitigated_at),
      to_resolve: seconds(begin, incident.resolved_at),
    },
    blast_radius: {
      broken: broken
        .map((id) => nativeId(id, stored.find(({ asset_id }) => asset_id === id)?.name ?? id))
        .sort(),
      reached: walkRadius(view, broken)
        .filter(({ relation }) => relation === 'downstream')
        .map(({ sourceId }) => sourceId),
      assets: stored.map((asset) => ({
        source_id: nativeId(asset.asset_id, asset.name),
        kind: asset.kind,
        name: asset.name,
        relation: asset.relation,
        distance: asset.distance,
        tier: asset.tier,
        owners: asset.owners,
      })),
      consumers: Number(consumers?.count ?? 0),
    },
    roles: roles.map(({ role, person_id }) => ({
      role,
      person: names.get(person_id) ?? 'somebody who left',
    })),
    timeline: events.map(({ at, kind, text, actor_id, link }) => ({
      at: at.toISOString(),
      kind,
      text,
      by: actor_id === null ? null : (names.get(actor_id) ?? null),
      link,
    })),
    draft: draftAgainst(incident.review_draft, events),
    updates: updates.map((update) => ({
      number: update.number,
      at: update.at.toISOString(),
      wrong: update.wrong,
      do_not_use: update.do_not_use,
      use_instead: update.use_instead,
      eta: iso(update.eta),
      next_update_at: iso(update.next_update_at),
    })),
    tasks: (await tasksOf(services, incident.id)).map((task) => ({
      number: task.number,
      kind: task.kind,
      action: task.action,
      title: task.title,
      state: task.state,
      owner: task.owner_id === null ? null : (names.get(task.owner_id) ?? null),
      due_at: iso(task.due_at),
      link: task.link,
    })),
    alerts: alerts.map(({ at, ...alert }) => ({ ...alert, at: at.toISOString() })),
  };
}

async function namesOf(services: Services): Promise<Map<string, string>> {
  const people = await services.db.selectFrom('person').select(['id', 'name']).execute();
  return new Map(people.map(({ id, name }) => [id, name]));
}
