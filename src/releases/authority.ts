import type { ActionTable, Role } from '../authority/authority.js';
import { hasLabel } from '../catalog/labels.js';
import type { Person } from '../people/person.js';
import type { Services } from '../services.js';

export const releaseActions = {
  /** Read the draft, edit, send or drop it. */
  'release.edit': ['owner', 'data-team', 'admin'],
} as const satisfies ActionTable;

/** Whose note it is: the teams whose domain it is; where none has it, the data team. */
export function teamsOf(services: Pick<Services, 'config'>, domain: string): string[] {
  return services.config.teams.filter((team) => hasLabel(team.domains, domain)).map((team) => team.id);
}

/** What somebody is to the release note of a domain. */
export function releaseRoles(
  services: Pick<Services, 'config'>,
  person: Person,
  domain: string,
): ReadonlySet<Role> {
  const roles = new Set<Role>();
  if (person.kind !== 'member' || person.status !== 'active') return roles;
  if (person.isAdmin) roles.add('admin');
  const teams = teamsOf(services, domain);
  if (teams.some((team) => person.teams.includes(team))) roles.add('owner');
  if (teams.length === 0 && services.config.authority.dataTeam.some((team) => person.teams.includes(team)))
    roles.add('data-team');
  return roles;
}
