import type { StewardConfig } from '../config/steward-schema.js';
import { teamName } from '../people/team-name.js';
import type { Role } from './authority.js';

/** What people call the holders of a role: a phrase that stands after "Only"; null for a role that nobody here holds. */
export type RoleWords = (role: Role) => string | null;

const words: Readonly<Record<Exclude<Role, 'security' | 'governance' | 'data-team'>, string>> = {
  admin: 'an administrator of Steward',
  operator: 'the operator at the command line',
  anyone: 'everybody',
  member: 'members of the company',
  owner: 'an owner of the data',
  manager: 'the manager of whoever asked',
  requester: 'whoever asked for it',
  beneficiary: 'whoever it is for',
  approver: 'whoever is asked to decide it',
  'on-call': 'whoever is on call for it',
  'incident-lead': 'whoever leads the incident',
  'incident-member': 'whoever works on the incident',
};

/** Roles that are teams by the names their company gave them. */
export function makeRoleWords(config: Pick<StewardConfig, 'authority' | 'teams'>): RoleWords {
  const named = (ids: readonly string[]): string | null => {
    const names = ids.map((id) => teamName(config, id));
    return names.length === 0 ? null : `the team ${names.join(' or ')}`;
  };
  return (role) => {
    switch (role) {
      case 'security':
      case 'governance':
        return named(config.authority[role]);
      case 'data-team':
        return config.authority.dataTeam.length === 0 ? null : 'the data team';
      default:
        return words[role];
    }
  };
}

/** `an owner of the data, the team Security or an administrator of Steward`; whoever is at the command line is named only where nobody else may. */
export function listRoles(roles: readonly Role[], wordsOf: RoleWords): string {
  const people = roles.filter((role) => role !== 'operator');
  const names = [...new Set((people.length > 0 ? people : roles).flatMap((role) => wordsOf(role) ?? []))];
  const last = names.pop();
  if (last === undefined) return '';
  return names.length === 0 ? last : `${names.join(', ')} or ${last}`;
}
