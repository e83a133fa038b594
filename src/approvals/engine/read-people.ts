import type { Db, Trx } from '../../db/database.js';
import { isWorkingTime } from '../../people/calendar.js';
import type { Person } from '../../people/person.js';
import { teamName } from '../../people/team-name.js';
import type { Services } from '../../services.js';
import { type PlanPeople, type PlanPerson, sourceKey, sourceLabel } from '../plan/people.js';
import type { PolicyRequest } from '../plan/request.js';
import type { ApproverSource, StagePolicy } from '../policy/schema.js';
import type { Beneficiaries, SubjectFacts } from '../subject.js';
import { standInsFor } from './delegations.js';
import { mayBeAsked } from './may-be-asked.js';

export interface AskedBy {
  requesterId: string;
  facts: SubjectFacts;
  beneficiaries: Beneficiaries;
  now: Date;
}

/** Everything rules look at. A rotation that cannot be read counts as not being on call: the normal way remains. */
export async function readPolicyRequest(
  services: Services,
  db: Db | Trx,
  ask: AskedBy,
): Promise<PolicyRequest> {
  const requester = await services.directory.byId(db, ask.requesterId);
  const onCallFor: string[] = [];
  for (const team of services.config.teams) {
    if (!team.onCall) continue;
    // Whatever went wrong, being on call would only shorten the way: without knowing, it is not shortened.
    try {
      const people = await services.directory.onCall(db, team.id, ask.now);
      if (people.some((person) => person.id === ask.requesterId)) onCallFor.push(team.id);
    } catch (error) {
      services.log.warn({ team: team.id, error }, 'on-call could not be read, counted as not on call');
    }
  }
  return {
    facts: ask.facts,
    beneficiary: ask.beneficiaries.kind,
    requesterTeams: requester?.teams ?? [],
    businessHours: isWorkingTime(services.config.calendar, ask.now),
    requesterOnCallFor: onCallFor,
  };
}

/** Resolves every source of the stages and who may not approve. Look-ups that fail throw: callers fail closed. */
export async function readPlanPeople(
  services: Services,
  db: Db | Trx,
  stages: readonly StagePolicy[],
  ask: AskedBy,
): Promise<PlanPeople> {
  const sources = stages.flatMap((stage) => [
    ...stage.from,
    ...stage.fallback,
    ...(stage.escalate?.to ?? []),
  ]);
  const resolved = new Map<string, PlanPerson[]>();
  for (const source of sources) {
    const key = sourceKey(source);
    if (resolved.has(key)) continue;
    const people = await resolveSource(services, db, source, ask);
    resolved.set(
      key,
      people.filter(mayBeAsked).map((person) => ({ id: person.id, name: person.name })),
    );
  }
  const resolve = (source: ApproverSource): readonly PlanPerson[] => resolved.get(sourceKey(source)) ?? [];
  return {
    resolve,
    label: (source) => labelOf(services, source, resolve(source)),
    excluded: await readExcluded(services, db, ask),
  };
}

/** By the names of steward.yml: ids and addresses are the policy's own words. */
function labelOf(
  { config }: Pick<Services, 'config'>,
  source: ApproverSource,
  people: readonly PlanPerson[],
): string {
  switch (source.kind) {
    case 'team':
      return teamName(config, source.team);
    case 'on-call':
      return `on call for ${teamName(config, source.team)}`;
    case 'usergroup': {
      const team = config.teams.find(({ slackUsergroup }) => slackUsergroup === source.usergroup);
      return team === undefined ? sourceLabel(source) : teamName(config, team.id);
    }
    case 'named':
      return people[0]?.name ?? source.email;
    default:
      return sourceLabel(source);
  }
}

async function resolveSource(
  services: Services,
  db: Db | Trx,
  source: ApproverSource,
  ask: AskedBy,
): Promise<Person[]> {
  const { directory } = services;
  switch (source.kind) {
    case 'owner': {
      const owners = (
        await Promise.all(ask.facts.owners.map((owner) => directory.resolveOwner(db, owner)))
      ).flat();
      if (owners.some(mayBeAsked) || !ask.facts.backupOwner) return owners;
      return directory.resolveOwner(db, ask.facts.backupOwner);
    }
    case 'manager': {
      const manager = await directory.managerOf(db, ask.requesterId);
      return manager ? [manager] : [];
    }
    case 'team':
      return directory.teamMembers(db, source.team);
    case 'on-call':
      return directory.onCall(db, source.team, ask.now);
    case 'named': {
      const person = await directory.byEmail(db, source.email);
      return person ? [person] : [];
    }
    case 'usergroup': {
      const team = await db
        .selectFrom('team')
        .select('id')
        .where('slack_usergroup', '=', source.usergroup)
        .executeTakeFirst();
      return team ? directory.teamMembers(db, team.id) : [];
    }
  }
}

/** Requester, whoever gains by it, and whoever stands in for one of them now. */
async function readExcluded(services: Services, db: Db | Trx, ask: AskedBy): Promise<Map<string, string>> {
  const excluded = new Map<string, string>();
  const barred = [ask.requesterId, ...ask.beneficiaries.personIds];
  for (const standIn of await standInsFor(services, db, barred, ask.now)) {
    excluded.set(standIn, 'stands in for somebody who gains by it');
  }
  for (const id of ask.beneficiaries.personIds) {
    excluded.set(
      id,
      ask.beneficiaries.kind === 'service' ? 'belongs to the service account' : 'it is for them',
    );
  }
  excluded.set(ask.requesterId, 'asked for it');
  return excluded;
}
