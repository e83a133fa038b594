import type { z } from 'zod';
import { StewardError } from '../../errors.js';
import type { AccessLevel } from '../tables.js';

/** What somebody is to hold: a login's level on a relation, or on some of its columns. */
export interface Right {
  login: string;
  /** As the warehouse writes it, without quotes: `database.schema.table`, `schema.table`. */
  relation: string;
  level: AccessLevel;
  /** Empty: the whole relation. */
  columns: readonly string[];
}

/** Where access comes from, as the warehouse says. */
export interface ProbeSource {
  kind: 'direct' | 'public' | 'role' | 'owner' | 'superuser' | 'inherited' | 'group';
  /** Who gave it, or which role carries it. */
  by: string;
  /** Steward's own grant: a revoke must have taken it. */
  ours: boolean;
  privilege?: string;
}

/** What the person can do now, asked of the warehouse and not of our own tables. */
export interface Probe {
  /** Null where the system cannot be asked. */
  can: boolean | null;
  sources: ProbeSource[];
  /** One sentence: `maya can read marts.payouts (granted by steward_provisioner)`. */
  words: string;
}

/** What a grant or revoke did. */
export interface Change {
  /** Statements or calls, for the audit. Never a secret. */
  statements: string[];
  /** Prerequisites that were granted with it and go with the last right that needs them. */
  companions?: string[];
  /** A person does it: tracked as a task of this team until it is marked done. */
  task?: { team: string };
}

export interface Holder {
  login: string;
  privileges: string[];
  source: ProbeSource;
}

export interface ChangeContext {
  /** The same for every attempt at this change: idempotency key towards the other side. */
  key: string;
  now: Date;
  /** When the right ends, for systems that can end it themselves. */
  until: Date | null;
  /** Other rights of the same login on the same relation that must survive. */
  keep: readonly Right[];
  /** Prerequisites that were granted with this right and that no other live right needs. */
  companions: readonly string[];
  signal: AbortSignal;
}

export interface ProbeContext {
  /** After a grant `can` means all of the right; after a revoke it means anything of it beyond what `keep` explains. */
  after: 'grant' | 'revoke';
  keep: readonly Right[];
  signal: AbortSignal;
}

/**
 * A system that gives access. One folder each under `provisioners/`: `index.ts` (this interface), `schema.ts`, fixtures and test, and
 * one line in `registry.ts`. Every call may be repeated: a grant that is there and a revoke of nothing both succeed.
 */
export interface Provisioner {
  levels: readonly AccessLevel[];
  columns: boolean;
  grant: (right: Right, context: ChangeContext) => Promise<Change>;
  revoke: (right: Right, context: ChangeContext) => Promise<Change>;
  probe: (right: Right, context: ProbeContext) => Promise<Probe>;
  /** Everybody who can read the relation, told apart by where it comes from. Null where the system cannot be asked. */
  who: (relation: string, context: { signal: AbortSignal }) => Promise<Holder[] | null>;
  close?: () => Promise<void>;
}

export interface ProvisionerContext {
  /** Name of the warehouse in steward.yml. */
  name: string;
  secret: (name: string) => string | undefined;
  fetch: typeof globalThis.fetch;
  now: () => Date;
}

export interface ProvisionerKind<Config = unknown> {
  type: string;
  /** The entry under `warehouses` of steward.yml. */
  config: z.ZodType<Config>;
  /** What a person is called there: their login from steward.yml, or their e-mail address. */
  identity: 'login' | 'email';
  make: (config: Config, context: ProvisionerContext) => Provisioner;
}

/** The system cannot be reached or answers nonsense: worth another try. */
export class WarehouseUnavailableError extends StewardError {
  readonly code = 'warehouse_unavailable';
}

/** The change will never work as it is: the relation is gone, the login is not there, a name cannot be used. */
export class WarehouseRefusedError extends StewardError {
  readonly code = 'warehouse_refused';
  readonly missing: 'relation' | 'login' | 'right' | null;
  constructor(message: string, missing: 'relation' | 'login' | 'right' | null = null, cause?: unknown) {
    super(message, { cause });
    this.missing = missing;
  }
}

/** The other side asked for patience, in milliseconds. */
export class WarehouseBusyError extends StewardError {
  readonly code = 'warehouse_busy';
  readonly retryAfterMs: number;
  constructor(message: string, retryAfterMs: number) {
    super(message);
    this.retryAfterMs = retryAfterMs;
  }
}
