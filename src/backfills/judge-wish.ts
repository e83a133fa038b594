import type { PlanPreview } from '../approvals/approvals.js';
import { currentPolicy } from '../approvals/policy/policy-store.js';
import type { PolicyRule } from '../approvals/policy/schema.js';
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

/** The first rule that wants a ticket for some backfill; null where no backfill needs one, or no policy was ever loaded. */
export async function ticketRule(services: Services): Promise<NonNullable<PolicyRule['ticket']> | null> {
  try {
    const { rules } = await currentPolicy(services.db);
    return (
      rules.find(({ kind, ticket }) => ticket !== undefined && kind.includes('backfill'))?.ticket ?? null
    );
  } catch {
    // Without a policy nothing can be asked for; asking says so.
    return null;
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
