import type { EffectServices, RegisteredEffect } from './effect.js';
import { makeSchedule } from './schedules.js';

const everyMs = 15 * 60_000;

/**
 * Teams that are Slack user groups have the members that Slack says they have now. Whoever Steward does not know yet joins the team at the
 * next look after their first word. A group that cannot be read keeps the members it had, and the log says so.
 */
export const usergroupSchedule: RegisteredEffect = makeSchedule({
  kind: 'people.usergroups',
  everyMs,
  run: async (services) => {
    const teams = services.config.teams.flatMap((team) =>
      team.slackUsergroup ? [{ id: team.id, group: team.slackUsergroup }] : [],
    );
    if (teams.length === 0) return;
    const ids = await groupIds(services);
    for (const { id, group } of teams) {
      try {
        const answer = await services.slack.usergroups.users.list({
          usergroup: ids.get(group.replace(/^@/, '')) ?? group,
        });
        await setMembers(services, id, answer.users ?? []);
      } catch (error) {
        services.log.warn(
          { err: error, team: id },
          'a Slack user group cannot be read; the team keeps the members it had',
        );
      }
    }
  },
});

/** steward.yml may name a group by its handle; the API wants its id. */
async function groupIds(services: EffectServices): Promise<Map<string, string>> {
  const answer = await services.slack.usergroups.list({});
  return new Map(
    (answer.usergroups ?? []).flatMap((group) =>
      group.handle && group.id ? [[group.handle, group.id]] : [],
    ),
  );
}

async function setMembers(
  services: EffectServices,
  teamId: string,
  slackIds: readonly string[],
): Promise<void> {
  await services.db.transaction().execute(async (trx) => {
    const people =
      slackIds.length === 0
        ? []
        : await trx
            .selectFrom('person')
            .select('id')
            .where('slack_id', 'in', [...slackIds])
            .execute();
    await trx.deleteFrom('team_member').where('team_id', '=', teamId).execute();
    if (people.length === 0) return;
    await trx
      .insertInto('team_member')
      .values(people.map((person) => ({ team_id: teamId, person_id: person.id })))
      .execute();
  });
}
