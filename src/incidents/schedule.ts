import { sql } from 'kysely';
import { z } from 'zod';
import type { Trx } from '../db/database.js';
import { postCard } from '../jobs/outgoing.js';
import { calendarOf, isWorkingTime } from '../people/calendar.js';
import { onCallOrNobody } from '../people/on-call.js';
import type { Services } from '../services.js';
import { syncPlannedWork } from './planned-work.js';
import { type IncidentStatistics, statisticsOf } from './report/statistics.js';
import { unfinishedGroups } from './triage/unfinished-groups.js';
import { tellOfUnplacedWork } from './unplaced-work.js';

export const digestCard = 'incident-digest';
export const statisticsCard = 'incident-statistics';
export const handoffCard = 'incident-handoff';

/** What comes round by itself: planned work, hand-offs, the weekly digest, forgetting raw alerts. Runs every few minutes; each part is done once. */
export async function incidentRounds(services: Services, now: Date): Promise<void> {
  await syncPlannedWork(services, now);
  await tellOfUnplacedWork(services, now);
  await watchHandoff(services, now);
  await postDigest(services, now);
  await forgetAlerts(services, now);
}

/** The turn changed: whoever is on call now gets one message with everything that is open. */
export async function watchHandoff(services: Services, now: Date): Promise<void> {
  const { team } = services.config.incidents;
  if (team === undefined) return;
  const [current] = await onCallOrNobody(services, services.db, team, now);
  if (current === undefined) return;
  await services.db.transaction().execute(async (trx) => {
    const key = 'incidents.on-call';
    const known = await trx
      .selectFrom('setting')
      .select('value')
      .where('key', '=', key)
      .forUpdate()
      .executeTakeFirst();
    const value = JSON.stringify({ personId: current.id });
    await trx
      .insertInto('setting')
      .values({ key, value, updated_at: now })
      .onConflict((conflict) => conflict.column('key').doUpdateSet({ value, updated_at: now }))
      .execute();
    const before = z.object({ personId: z.string() }).safeParse(known?.value);
    if (!before.success || before.data.personId === current.id) return;
    await postCard(trx, {
      key: `${handoffCard}:${current.id}:${now.toISOString().slice(0, 13)}`,
      to: { personId: current.id },
      card: { kind: handoffCard, id: team },
      now,
    });
  });
}

/** Once a week, in the first working hours of the week, where incidents are announced; nothing where there is nothing to tell. */
export async function postDigest(services: Services, now: Date): Promise<void> {
  const channelId = services.config.slack.channels.incidents;
  const team = services.config.teams.find(({ id }) => id === services.config.incidents.team);
  if (channelId === undefined || !isWorkingTime(calendarOf(services.config.calendar, team?.calendar), now))
    return;
  const monday = new Date(now);
  monday.setUTCDate(monday.getUTCDate() - ((monday.getUTCDay() + 6) % 7));
  const week = monday.toISOString().slice(0, 10);
  await services.db.transaction().execute(async (trx) => {
    if (!(await turnsTo(trx, 'incidents.digest', { week }, now))) return;
    if (isQuiet(await statisticsOf(services, digestPeriod(week)))) return;
    await postCard(trx, {
      key: `${digestCard}:${week}`,
      to: { channelId },
      card: { kind: digestCard, id: week },
      now,
    });
  });
}

/** The seven days before a Monday. */
export function digestPeriod(week: string): { from: Date; to: Date } {
  const to = new Date(`${week}T00:00:00Z`);
  return { from: new Date(to.getTime() - 7 * 86_400_000), to };
}

/** Nothing happened, nothing is open, nothing is due: a row of zeros tells nobody anything. */
function isQuiet({ all, open, triage, follow_ups: followUps }: IncidentStatistics): boolean {
  return all.count + open + triage + followUps.open === 0;
}

/** Remembers what round it is. False where that was known: another process, or an earlier look, has done it. */
async function turnsTo(trx: Trx, key: string, value: Record<string, string>, now: Date): Promise<boolean> {
  const text = JSON.stringify(value);
  const turned = await trx
    .insertInto('setting')
    .values({ key, value: text, updated_at: now })
    .onConflict((conflict) =>
      conflict
        .column('key')
        .doUpdateSet({ value: text, updated_at: now })
        .where(sql<boolean>`setting.value <> excluded.value`),
    )
    .returning('key')
    .executeTakeFirst();
  return turned !== undefined;
}

const batch = 1_000;

/** Raw alerts are kept as long as the inbox, or until what they opened has recovered or is over: groups and incidents stay. */
export async function forgetAlerts(services: Services, now: Date): Promise<void> {
  const before = new Date(now.getTime() - services.config.retention.inbox);
  for (;;) {
    const result = await services.db
      .deleteFrom('alert')
      .where('id', 'in', (eb) =>
        eb
          .selectFrom('alert')
          .select('id')
          .where('received_at', '<', before)
          .where('at', '<', before)
          .where((or) =>
            or.or([or('group_id', 'is', null), or('group_id', 'not in', unfinishedGroups(services.db))]),
          )
          .limit(batch),
      )
      .executeTakeFirst();
    if (Number(result.numDeletedRows) < batch) return;
  }
}

/** What is open, for a status page of one's own: no private incident, no drill, no name of a person. */
export const statusFeed = z.object({
  generated_at: z.iso.datetime(),
  incidents: z.array(
    z.object({
      reference: z.string(),
      title: z.string(),
      state: z.string(),
      severity: z.string(),
      since: z.iso.datetime().nullable(),
      wrong: z.string().nullable(),
      use_instead: z.string().nullable(),
      eta: z.iso.datetime().nullable(),
    }),
  ),
});

export async function readStatusFeed(services: Services, now: Date): Promise<z.infer<typeof statusFeed>> {
  const rows = await services.db
    .selectFrom('incident')
    .select(['id', 'number', 'title', 'state', 'severity', 'started_at', 'declared_at'])
    .where('state', 'in', ['investigating', 'identified', 'monitoring'])
    .where('private', '=', false)
    .where('drill', '=', false)
    .orderBy('number', 'desc')
    .limit(50)
    .execute();
  const incidents = [];
  for (const row of rows) {
    const update = await services.db
      .selectFrom('incident_update')
      .selectAll()
      .where('incident_id', '=', row.id)
      .where('for_consumers', '=', true)
      .orderBy('number', 'desc')
      .limit(1)
      .executeTakeFirst();
    incidents.push({
      reference: `INC-${row.number}`,
      title: row.title,
      state: row.state,
      severity: row.severity,
      since: (row.started_at ?? row.declared_at)?.toISOString() ?? null,
      wrong: update?.wrong ?? null,
      use_instead: update?.use_instead ?? null,
      eta: update?.eta?.toISOString() ?? null,
    });
  }
  return { generated_at: now.toISOString(), incidents };
}
