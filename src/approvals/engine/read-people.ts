import type { Db, Trx } from '../../db/database.js';
import { isWorkingTime } from '../../people/calendar.js';
import type { Person } from '../../people/person.js';
import type { Services } from '../../services.js';
import { type PlanPeople, type PlanPerson, sourceKey } from '../plan/people.js';
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
  return {
    resolve: (source) => resolved.get(sourceKey(source)) ?? [],
    excluded: await readExcluded(services, db, ask),
  };
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
