import type { PlanPreview } from '../approvals/approvals.js';
import { currentPolicy } from '../approvals/policy/policy-store.js';
import { purposesOf } from '../approvals/policy/purposes-of.js';
import type { PolicyRule, Purpose } from '../approvals/policy/schema.js';
import type { SubjectFacts } from '../approvals/subject.js';
import { requireTicket } from '../approvals/ticket.js';
import type { Person } from '../people/person.js';
import type { Services } from '../services.js';
import { backfillFacts } from './facts.js';
import type { BackfillWish, ReadWish } from './request.js';

export interface JudgedWish {
  read: ReadWish;
  wish: BackfillWish;
  person: Person;
  now: Date;
}

const forOneself = { kind: 'self' as const, personIds: [] };

/** What policy would say to a wish: the rule that decides, and its plan. Writes nothing. */
export async function previewPolicy(services: Services, judged: JudgedWish): Promise<PlanPreview> {
  return services.approvals.preview(services.db, {
    facts: await wishFacts(services, judged),
    beneficiaries: forOneself,
    requesterId: judged.person.id,
    now: judged.now,
  });
}

/** Throws what asking would throw: refused by policy, nobody can approve, reason or ticket not as the rule wants them. Writes nothing. */
export async function checkPolicy(services: Services, judged: JudgedWish): Promise<void> {
  const { wish, person, now } = judged;
  await services.approvals.check(services.db, {
    facts: await wishFacts(services, judged),
    beneficiaries: forOneself,
    requesterId: person.id,
    reason: wish.reason,
    ...(wish.ticket === undefined ? {} : { ticket: wish.ticket }),
    ...purposeOf(wish),
    now,
  });
  await seenTicket(services, judged);
}

/** What the ticket system says of the ticket of a wish; asked outside every transaction, for it may be slow. Null where there is nothing to ask. */
export async function seenTicket(
  services: Services,
  judged: JudgedWish,
): Promise<'there' | 'unknown' | null> {
  const { ticket } = judged.wish;
  if (ticket === undefined) return null;
  const { rule } = await previewPolicy(services, judged);
  return requireTicket(services, rule, ticket);
}

/** What a wish says of its purpose, as approvals take it. */
export function purposeOf({
  purposeId,
  termsAccepted,
}: Pick<BackfillWish, 'purposeId' | 'termsAccepted'>): Pick<BackfillWish, 'purposeId' | 'termsAccepted'> {
  return purposeId === undefined ? {} : { purposeId, termsAccepted: termsAccepted ?? false };
}

/** What some rule wants to be told of some backfill, before it is known which one decides. */
export interface PolicyWants {
  ticket: NonNullable<PolicyRule['ticket']> | null;
  purposes: Purpose[];
}

/** The first ticket and all purposes that rules for backfills ask for; nothing where no policy was ever loaded. */
export async function policyWants(services: Services): Promise<PolicyWants> {
  try {
    const policy = await currentPolicy(services.db);
    const rules = policy.rules.filter(({ kind }) => kind.includes('backfill'));
    return {
      ticket: rules.find(({ ticket }) => ticket !== undefined)?.ticket ?? null,
      purposes: purposesOf({ rule: { purposes: rules.flatMap(({ purposes }) => purposes) }, policy }),
    };
  } catch {
    // Without a policy nothing can be asked for; asking says so.
    return { ticket: null, purposes: [] };
  }
}

function wishFacts(services: Services, { read, wish, person, now }: JudgedWish): Promise<SubjectFacts> {
  return backfillFacts(
    services,
    services.db,
    {
      assetId: read.asset.id,
      assetName: read.asset.name,
      executor: read.asset.executor.name,
      pipeline: read.asset.executor.pipeline,
      partitions: read.made.slices.length,
      reprocess: wish.reprocess,
      concurrency: wish.concurrency,
      windowFrom: read.window.from,
      incidentId: wish.incidentId ?? null,
      preview: read.made.preview,
      requesterId: person.id,
    },
    now,
  );
}
