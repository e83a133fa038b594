import type { ApproverSource } from '../policy/schema.js';

/** Somebody in a plan. */
export interface PlanPerson {
  id: string;
  name: string;
}

/** Who the sources of approvers mean today, and who may not approve this request, with why. Read before planning. */
export interface PlanPeople {
  resolve: (source: ApproverSource) => readonly PlanPerson[];
  /** What people call a source. */
  label: (source: ApproverSource) => string;
  /** Person id to the reason, in words that fit `… may not approve: <reason>`. */
  excluded: ReadonlyMap<string, string>;
}

/** A key by which a source is looked up once. */
export function sourceKey(source: ApproverSource): string {
  return JSON.stringify(source);
}

/** `the owner`, `governance`, `on call for platform`: a source as the policy writes it, where names are not at hand. */
export function sourceLabel(source: ApproverSource): string {
  switch (source.kind) {
    case 'owner':
      return 'the owner';
    case 'manager':
      return 'the manager';
    case 'team':
      return source.team;
    case 'on-call':
      return `on call for ${source.team}`;
    case 'named':
      return source.email;
    case 'usergroup':
      return `user group ${source.usergroup}`;
  }
}
