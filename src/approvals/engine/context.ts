import type { Db, Trx } from '../../db/database.js';
import type { Services } from '../../services.js';
import { currentPolicy, policyByHash } from '../policy/policy-store.js';
import type { Policy } from '../policy/schema.js';
import type { Subject, SubjectKind, Subjects } from '../subject.js';

/** What the engine's functions share. Not exported beyond approvals/. */
export interface EngineContext {
  services: Services;
  subject: (kind: SubjectKind) => Subject;
  currentPolicy: (db: Db | Trx) => Promise<Policy>;
  policyByHash: (db: Db | Trx, hash: string) => Promise<Policy>;
}

export function makeContext(services: Services, subjects: Subjects): EngineContext {
  return {
    services,
    subject: (kind) => {
      const subject = subjects[kind];
      if (!subject) throw new Error(`no subject is registered for ${kind}`);
      return subject;
    },
    currentPolicy,
    policyByHash,
  };
}
