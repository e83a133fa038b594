import type { StewardConfig } from '../config/steward-schema.js';

export interface PeopleFinding {
  level: 'error' | 'warning';
  message: string;
}

/**
 * What would bite later: names that lead nowhere are errors, gaps that somebody will run into are warnings.
 * @param needsLogin whether access in a warehouse of this type is given to a login, and not to an e-mail address.
 */
export function checkPeople(config: StewardConfig, needsLogin: (type: string) => boolean): PeopleFinding[] {
  const findings: PeopleFinding[] = [];
  const error = (message: string): number => findings.push({ level: 'error', message });
  const warning = (message: string): number => findings.push({ level: 'warning', message });
  const emails = new Set(config.people.map((person) => person.email));
  const teams = new Set(config.teams.map((team) => team.id));
  const memberOf = (teamId: string): string[] => [
    ...(config.teams.find((team) => team.id === teamId)?.members ?? []),
    ...config.people.filter((person) => person.teams.includes(teamId)).map((person) => person.email),
  ];
  const hasLogins = config.warehouses.some(({ type }) => needsLogin(type));
  const twice = <T>(items: readonly T[]): T[] => items.filter((item, index) => items.indexOf(item) !== index);
  for (const email of twice(config.people.map((person) => person.email)))
    error(`people: ${email} is there twice`);
  for (const id of twice(config.people.flatMap((person) => person.slack ?? [])))
    error(`people: the Slack id ${id} belongs to two people`);
  for (const id of twice(config.teams.map((team) => team.id))) error(`teams: ${id} is there twice`);
  for (const person of config.people) {
    if (person.manager && !emails.has(person.manager))
      error(`people: the manager of ${person.email}, ${person.manager}, is not among the people`);
    for (const team of person.teams)
      if (!teams.has(team)) error(`people: ${person.email} is in the team ${team}, which does not exist`);
    if (person.away?.delegate && !emails.has(person.away.delegate))
      error(`people: the delegate of ${person.email} is not among the people`);
    if (!person.manager && !person.guest)
      warning(`people: ${person.email} has no manager; policies that ask the manager fall back`);
    if (hasLogins && Object.keys(person.warehouse).length === 0 && !person.guest)
      warning(`people: ${person.email} has no warehouse login; access cannot be granted to them`);
  }
  for (const id of twice(config.serviceAccounts.map((account) => account.id)))
    error(`serviceAccounts: ${id} is there twice`);
  for (const account of config.serviceAccounts) {
    for (const email of [...account.owners, ...account.members])
      if (!emails.has(email))
        error(`serviceAccounts: ${account.id} names ${email}, who is not among the people`);
    for (const team of account.teams)
      if (!teams.has(team))
        error(`serviceAccounts: ${account.id} names the team ${team}, which does not exist`);
    if (Object.keys(account.warehouse).length === 0)
      warning(`serviceAccounts: ${account.id} has no warehouse login; access cannot be granted to it`);
  }
  for (const team of config.teams) {
    for (const email of team.members ?? [])
      if (!emails.has(email.toLowerCase()))
        error(`teams: ${team.id} names ${email}, who is not among the people`);
    if (memberOf(team.id).length === 0 && !team.slackUsergroup) warning(`teams: ${team.id} has no members`);
    for (const pager of ['pagerduty', 'opsgenie'] as const) {
      if (!team.onCall || !(pager in team.onCall)) continue;
      const entry = config.incidents.pagers.find((candidate) => candidate.type === pager);
      if (!entry)
        error(`teams: the rotation of ${team.id} is in ${pager}, which incidents.pagers does not have`);
      else if (pager === 'pagerduty' && entry.apiToken === undefined)
        error(
          `teams: the rotation of ${team.id} is in pagerduty, whose entry in incidents.pagers has no apiToken`,
        );
    }
    if (team.onCall && 'people' in team.onCall) {
      for (const email of team.onCall.people)
        if (!emails.has(email.toLowerCase()))
          error(`teams: the rotation of ${team.id} names ${email}, who is not among the people`);
    }
  }
  for (const email of config.authority.admins)
    if (!emails.has(email)) error(`authority.admins: ${email} is not among the people`);
  if (config.authority.admins.length === 0)
    warning('authority.admins: nobody; broken policies and dead work are told to nobody');
  for (const [key, ids] of Object.entries({
    governance: config.authority.governance,
    security: config.authority.security,
    dataTeam: config.authority.dataTeam,
  })) {
    for (const id of ids) if (!teams.has(id)) error(`authority.${key}: the team ${id} does not exist`);
  }
  return findings;
}
