import type { PagerSchedule } from '../incidents/pagers/on-call.js';
import { lookUpOnCall } from '../incidents/pagers/on-call.js';
import type { EffectServices, RegisteredEffect } from './effect.js';
import { makeSchedule } from './schedules.js';

const everyMs = 2 * 60_000;
const patienceMs = 8_000;

/**
 * Rotations that are kept in PagerDuty or Opsgenie are read every two minutes and noted down, so that no decision waits for them. A look that
 * fails leaves the last one, which the directory believes for a quarter of an hour.
 */
export const onCallSchedule: RegisteredEffect = makeSchedule({
  kind: 'people.on-call',
  everyMs,
  run: async (services, now) => {
    const teams = services.config.teams.flatMap((team) =>
      team.onCall && !('people' in team.onCall) ? [{ id: team.id, where: team.onCall }] : [],
    );
    await Promise.all(teams.map((team) => look(services, team, now)));
  },
});

async function look(
  services: EffectServices,
  team: { id: string; where: PagerSchedule },
  now: Date,
): Promise<void> {
  const { db, log, directory } = services;
  try {
    const context = {
      fetch: services.fetch,
      secret: services.secret,
      signal: AbortSignal.timeout(patienceMs),
    };
    const emails = await lookUpOnCall(context, services.config, team.where, now);
    const people = await Promise.all(emails.map((email) => directory.byEmail(db, email)));
    const unknown = emails.filter((_, index) => people[index] === null);
    if (unknown.length > 0)
      log.warn({ team: team.id, emails: unknown }, 'on call there, but not among the people of steward.yml');
    const found = {
      people: people.flatMap((person) => (person ? [person.id] : [])),
      looked_at: now,
      trouble: null,
    };
    await db
      .insertInto('on_call_look')
      .values({ team_id: team.id, ...found })
      .onConflict((conflict) => conflict.column('team_id').doUpdateSet(found))
      .execute();
  } catch (error) {
    log.warn({ err: error, team: team.id }, 'who is on call cannot be read; the last look stays for a while');
    const trouble = (error instanceof Error ? error.message : String(error)).slice(0, 500);
    await db
      .insertInto('on_call_look')
      .values({ team_id: team.id, people: [], looked_at: null, trouble })
      .onConflict((conflict) => conflict.column('team_id').doUpdateSet({ trouble }))
      .execute();
  }
}
