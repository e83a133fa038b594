import type { Db, Trx } from '../../db/database.js';
import { RefusedByPolicyError } from '../errors.js';
import type { PolicyRule } from '../policy/schema.js';
import type { SubjectFacts } from '../subject.js';
import type { EngineContext } from './context.js';

interface AskedUnder {
  rule: PolicyRule;
  facts: Pick<SubjectFacts, 'policyKind' | 'extension'>;
  requesterId: string;
  now: Date;
}

/** How many live things somebody has under a rule, of how many it allows; null where it sets no limit to them. */
export async function roomUnder(
  context: EngineContext,
  db: Db | Trx,
  { rule, facts, requesterId, now }: AskedUnder,
): Promise<{ live: number; most: number } | null> {
  const most = rule.limits.maxLivePerPerson;
  // An extension adds nothing to what somebody has.
  const subject = most === undefined || facts.extension ? null : context.subject(facts.policyKind);
  if (most === undefined || !subject?.liveCount) return null;
  return { live: await subject.liveCount(db, requesterId, rule.name, now), most };
}

/** Throws `RefusedByPolicyError` when no place is left; `alongside` are asked for in the same breath. */
export async function requireRoom(
  context: EngineContext,
  db: Db | Trx,
  asked: AskedUnder & { alongside?: number },
): Promise<void> {
  const room = await roomUnder(context, db, asked);
  const alongside = asked.alongside ?? 0;
  if (room === null || room.live + alongside < room.most) return;
  throw new RefusedByPolicyError(noRoomSentence(asked.rule.name, room, alongside), asked.rule.name);
}

export function noRoomSentence(
  rule: string,
  { live, most }: { live: number; most: number },
  alongside = 0,
): string {
  const more = alongside === 0 ? '' : ` and ask for ${alongside} more beside this one`;
  return `You have ${live} of these already${more}, and the rule "${rule}" allows ${most}. Nothing was requested. Give one back, or wait until one ends.`;
}
