import { createHash, randomBytes } from 'node:crypto';
import type { Trx } from '../db/database.js';
import type { ActorKind, AuditChannel } from '../db/foundation-tables.js';
import type { AuditAction } from './actions.js';

/** Who did something, and through which door. Every domain act carries one. */
export interface Actor {
  /** Person's uuid; null for policy, schedule and system. */
  personId: string | null;
  kind: ActorKind;
  channel: AuditChannel;
}

export const scheduleActor: Actor = { personId: null, kind: 'schedule', channel: 'schedule' };
/** Somebody at the command line: audited as such, and never an approver. */
export const operatorActor: Actor = { personId: null, kind: 'operator', channel: 'cli' };
export const policyActor: Actor = { personId: null, kind: 'policy', channel: 'policy' };

export interface AuditEntry {
  actor: Actor;
  action: AuditAction;
  subject: { kind: string; id: string };
  now: Date;
  /** State before and after: ids, states, numbers. Never names, e-mail addresses or free text. */
  before?: Record<string, unknown>;
  after?: Record<string, unknown>;
  /** Names and words people wrote (reason, title): erasable, only their salted hash is in the chain. */
  text?: Record<string, unknown>;
}

/** Writes the audit row of a state change, in the transaction that makes it. */
export async function recordAudit(trx: Trx, entry: AuditEntry): Promise<void> {
  const salt = randomBytes(16).toString('hex');
  const text = entry.text === undefined ? null : JSON.stringify(entry.text);
  const row = await trx
    .insertInto('audit')
    .values({
      at: entry.now,
      actor_id: entry.actor.personId,
      actor_kind: entry.actor.kind,
      channel: entry.actor.channel,
      action: entry.action,
      subject_kind: entry.subject.kind,
      subject_id: entry.subject.id,
      before: entry.before === undefined ? null : JSON.stringify(entry.before),
      after: entry.after === undefined ? null : JSON.stringify(entry.after),
      text_hash: text === null ? null : saltedHash(salt, text),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  if (text !== null) await trx.insertInto('audit_text').values({ audit_id: row.id, salt, text }).execute();
}

/** The hash that stands in the chain for erasable words. */
export function saltedHash(salt: string, text: string): string {
  return createHash('sha256').update(salt).update('\0').update(text).digest('hex');
}
