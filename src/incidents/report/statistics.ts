import { z } from 'zod';
import type { Services } from '../../services.js';
import { hiddenFromSome } from '../known-assets.js';
import { severityById } from '../severity.js';

const figures = z.object({
  count: z.number().int(),
  /** Means in seconds over the incidents that have both ends; null where none has. */
  mttd: z.number().nullable(),
  mtta: z.number().nullable(),
  mttr: z.number().nullable(),
});

/** `/incident stats`: drills and private incidents are left out. */
export const incidentStatistics = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  all: figures,
  by_severity: z.record(z.string(), figures),
  by_tier: z.record(z.string(), figures),
  by_domain: z.record(z.string(), figures),
  by_cause: z.record(z.string(), figures),
  /** Incidents whose fingerprint or broken asset had one in the 90 days before. */
  recurring: z.number().int(),
  open: z.number().int(),
  triage: z.number().int(),
  declined: z.number().int(),
  follow_ups: z.object({ open: z.number().int(), overdue: z.number().int(), done: z.number().int() }),
  by_week: z.array(z.object({ week: z.string(), count: z.number().int() })),
});
export type IncidentStatistics = z.infer<typeof incidentStatistics>;
type Figures = z.infer<typeof figures>;

/** Numbers of a period by when incidents were declared. Detection is measured from the data's own time, where it is known. */
export async function statisticsOf(
  services: Services,
  params: { from: Date; to: Date },
): Promise<IncidentStatistics> {
  const { db } = services;
  const rows = await db
    .selectFrom('incident')
    .selectAll()
    .where('declared_at', '>=', params.from)
    .where('declared_at', '<', params.to)
    .where('drill', '=', false)
    .where('private', '=', false)
    .where('state', 'not in', ['cancelled', 'merged', 'declined'])
    .execute();
  const assets =
    rows.length === 0
      ? []
      : await db
          .selectFrom('incident_asset')
          .select(['incident_id', 'asset_id', 'tier', 'relation'])
          .where(
            'incident_id',
            'in',
            rows.map(({ id }) => id),
          )
          .execute();
  const { view } = services.catalog.current();
  const groups = {
    severity: new Map<string, typeof rows>(),
    tier: new Map<string, typeof rows>(),
    domain: new Map<string, typeof rows>(),
    cause: new Map<string, typeof rows>(),
    week: new Map<string, typeof rows>(),
  };
  const push = (map: Map<string, typeof rows>, key: string, row: (typeof rows)[number]): void => {
    const list = map.get(key);
    if (list === undefined) map.set(key, [row]);
    else list.push(row);
  };
  for (const row of rows) {
    // Everybody reads these numbers: an asset that some may not know of does not show in them by its tier or domain.
    const own = assets.filter(
      ({ incident_id, asset_id }) =>
        incident_id === row.id && hiddenFromSome(services, asset_id) === undefined,
    );
    const tiers = own.flatMap(({ tier }) => (tier === null ? [] : [tier]));
    push(groups.severity, severityById(services.config, row.severity).name, row);
    push(groups.tier, tiers.length === 0 ? 'unknown' : `tier ${Math.min(...tiers)}`, row);
    push(groups.cause, row.cause?.toLowerCase().slice(0, 60) ?? 'not written', row);
    const domains = new Set(
      own
        .filter(({ relation }) => relation === 'direct')
        .flatMap(({ asset_id }) => view.get(asset_id)?.domain ?? []),
    );
    for (const domain of domains.size === 0 ? ['unknown'] : domains) push(groups.domain, domain, row);
    push(groups.week, weekOf(row.declared_at ?? row.created_at), row);
  }
  const counts = await db
    .selectFrom('incident')
    .select(({ fn }) => ['state', fn.countAll<string>().as('count')])
    .where('drill', '=', false)
    .where('private', '=', false)
    .where('created_at', '<', params.to)
    .where((eb) =>
      eb.or([
        eb('state', 'in', ['triage', 'investigating', 'identified', 'monitoring']),
        eb('updated_at', '>=', params.from),
      ]),
    )
    .groupBy('state')
    .execute();
  const countOf = (...states: string[]): number =>
    counts.filter(({ state }) => states.includes(state)).reduce((sum, { count }) => sum + Number(count), 0);
  const followUps = await db
    .selectFrom('incident_task')
    .innerJoin('incident', 'incident.id', 'incident_task.incident_id')
    .select(['incident_task.state', 'incident_task.due_at'])
    .where('incident_task.kind', '=', 'follow_up')
    .where('incident.drill', '=', false)
    .where('incident.private', '=', false)
    .where('incident_task.created_at', '<', params.to)
    .execute();
  return {
    from: params.from.toISOString(),
    to: params.to.toISOString(),
    all: figuresOf(rows),
    by_severity: table(groups.severity),
    by_tier: table(groups.tier),
    by_domain: table(groups.domain),
    by_cause: table(groups.cause),
    recurring: await recurringOf(services, rows, assets),
    open: countOf('investigating', 'identified', 'monitoring'),
    triage: countOf('triage'),
    declined: countOf('declined'),
    follow_ups: {
      open: followUps.filter(({ state }) => state === 'open').length,
      overdue: followUps.filter(
        ({ state, due_at }) => state === 'open' && due_at !== null && due_at < params.to,
      ).length,
      done: followUps.filter(({ state }) => state === 'done').length,
    },
    by_week: [...groups.week]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([week, list]) => ({ week, count: list.length })),
  };
}

interface Timed {
  started_at: Date | null;
  detected_at: Date | null;
  declared_at: Date | null;
  acknowledged_at: Date | null;
  resolved_at: Date | null;
}

function figuresOf(rows: readonly Timed[]): Figures {
  return {
    count: rows.length,
    mttd: mean(rows.map(({ started_at, detected_at }) => span(started_at, detected_at))),
    mtta: mean(rows.map(({ declared_at, acknowledged_at }) => span(declared_at, acknowledged_at))),
    mttr: mean(
      rows.map(({ started_at, detected_at, resolved_at }) => span(started_at ?? detected_at, resolved_at)),
    ),
  };
}

function table(groups: ReadonlyMap<string, readonly Timed[]>): Record<string, Figures> {
  return Object.fromEntries(
    [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, rows]) => [key, figuresOf(rows)]),
  );
}

function span(from: Date | null, to: Date | null): number | null {
  return from === null || to === null ? null : Math.max(0, (to.getTime() - from.getTime()) / 1000);
}

function mean(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.round(known.reduce((sum, value) => sum + value, 0) / known.length);
}

/** Monday of the week, ISO date. */
function weekOf(at: Date): string {
  const day = new Date(at);
  day.setUTCDate(day.getUTCDate() - ((day.getUTCDay() + 6) % 7));
  return day.toISOString().slice(0, 10);
}

async function recurringOf(
  services: Services,
  rows: readonly { id: string; fingerprint: string | null; declared_at: Date | null }[],
  assets: readonly { incident_id: string; asset_id: string; relation: string }[],
): Promise<number> {
  let recurring = 0;
  for (const row of rows) {
    const direct = assets
      .filter(({ incident_id, relation }) => incident_id === row.id && relation === 'direct')
      .map(({ asset_id }) => asset_id);
    if (row.declared_at === null || (direct.length === 0 && row.fingerprint === null)) continue;
    const before = await services.db
      .selectFrom('incident')
      .leftJoin('incident_asset', 'incident_asset.incident_id', 'incident.id')
      .select('incident.id')
      .where('incident.id', '<>', row.id)
      .where('incident.declared_at', '<', row.declared_at)
      .where('incident.declared_at', '>=', new Date(row.declared_at.getTime() - 90 * 86_400_000))
      .where('incident.drill', '=', false)
      .where((eb) =>
        eb.or([
          ...(direct.length === 0
            ? []
            : [
                eb.and([
                  eb('incident_asset.relation', '=', 'direct'),
                  eb('incident_asset.asset_id', 'in', direct),
                ]),
              ]),
          ...(row.fingerprint === null ? [] : [eb('incident.fingerprint', '=', row.fingerprint)]),
        ]),
      )
      .limit(1)
      .executeTakeFirst();
    if (before !== undefined) recurring += 1;
  }
  return recurring;
}
