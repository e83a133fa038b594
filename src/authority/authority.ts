import { NotAllowedError } from '../errors.js';
import { listRoles, type RoleWords } from './role-words.js';

/**
 * Who may do what: one table of actions x roles, asked inside domain functions, whatever door the wish came through.
 * A role is what somebody is to this one resource (`owner` of the asset, `requester` of the request, `member` of the
 * incident) or to Steward (`admin`, `operator`).
 */
export type Role =
  | 'admin'
  | 'operator'
  | 'anyone'
  | 'member'
  | 'owner'
  | 'manager'
  | 'requester'
  | 'beneficiary'
  | 'approver'
  | 'on-call'
  | 'security'
  | 'governance'
  | 'incident-lead'
  | 'incident-member'
  | 'data-team';

/** Registered per domain next to its functions (`src/<domain>/authority.ts`) and merged here by `makeAuthority`. */
export type ActionTable = Readonly<Record<string, readonly Role[]>>;

export interface Authority {
  /** Whether any of the roles held may do this. An unknown action is refused: the table fails closed. */
  can: (action: string, roles: ReadonlySet<Role>) => boolean;
  /** Throws `NotAllowedError` that says who may, in people's words. */
  require: (action: string, roles: ReadonlySet<Role>) => void;
  actions: () => readonly { action: string; roles: readonly Role[] }[];
}

export function makeAuthority(tables: readonly ActionTable[], wordsOf: RoleWords): Authority {
  const merged = new Map<string, readonly Role[]>();
  for (const table of tables) {
    for (const [action, roles] of Object.entries(table)) {
      if (merged.has(action)) throw new Error(`action ${action} is declared twice`);
      merged.set(action, roles);
    }
  }
  const can = (action: string, roles: ReadonlySet<Role>): boolean =>
    (merged.get(action) ?? []).some((role) => roles.has(role));
  return {
    can,
    require(action, roles) {
      if (can(action, roles)) return;
      const allowed = listRoles(merged.get(action) ?? [], wordsOf);
      throw new NotAllowedError(
        allowed === ''
          ? 'Nobody may do that here. Nothing was changed.'
          : `Only ${allowed} may do that. Nothing was changed.`,
      );
    },
    actions: () => [...merged].map(([action, roles]) => ({ action, roles })),
  };
}
