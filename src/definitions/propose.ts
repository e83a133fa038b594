import { sql } from 'kysely';
import type { PlanPreview } from '../approvals/approvals.js';
import { type Actor, recordAudit } from '../audit/record.js';
import type { Role } from '../authority/authority.js';
import { mayKnowOf } from '../catalog/visibility.js';
import type { Db, Trx } from '../db/database.js';
import { InvalidInputError, NotAllowedError } from '../errors.js';
import { postCard } from '../jobs/outgoing.js';
import type { Person } from '../people/person.js';
import type { Services } from '../services.js';
import { factsOf } from './facts.js';
import { claimsOn, lockNames, newNames } from './name-claims.js';
import { type DefinitionWish, maySeeFor, type ReadWish, readWish } from './read-wish.js';
import { cardKind, channelCardKey, referenceOf } from './record.js';

export interface ProposedChange {
  id: string;
  reference: string;
  state: 'pending' | 'approved';
  /** One sentence for whoever proposed it. */
  text: string;
}

/** Throws for whoever may not propose: guests, bots, the operator at the command line, people who left. */
export function requireProposer(services: Services, person: Person): void {
  const roles = new Set<Role>();
  if (person.kind === 'member' && person.status === 'active') roles.add('member');
  if (!services.authority.can('definition.propose', roles))
    throw new NotAllowedError('Only members of the company may propose a definition. Nothing was proposed.');
}

/** Everything `proposeChange` would refuse, before it is sent. Writes nothing. */
export async function checkWish(
  services: Services,
  params: { wish: DefinitionWish; person: Person; now: Date },
): Promise<ReadWish> {
  const { wish, person, now } = params;
  requireProposer(services, person);
  const read = readWish(services, wish, person, now);
  await requireNoOther(services.db, read.asset.id);
  await requireFreeNames(services, services.db, read, person);
  await services.approvals.check(services.db, {
    requesterId: person.id,
    reason: wish.reason,
    facts: factsOf(services, { ...factsWish(wish, read), now }),
    beneficiaries: { kind: 'self', personIds: [] },
    now,
  });
  return read;
}

/** Who would have to approve. Writes nothing. */
export async function previewPlan(
  services: Services,
  params: { kind: DefinitionWish['kind']; assetId: string; person: Person; now: Date },
): Promise<PlanPreview> {
  const { kind, assetId, person, now } = params;
  return services.approvals.preview(services.db, {
    facts: factsOf(services, { kind, assetId, assetName: '', effectiveDate: null, now }),
    beneficiaries: { kind: 'self', personIds: [] },
    requesterId: person.id,
    now,
  });
}

/** Asks for a definition change or a deprecation. `viewId` makes a repeated delivery one request. */
export async function proposeChange(
  services: Services,
  params: { wish: DefinitionWish; person: Person; actor: Actor; viewId: string; now: Date },
): Promise<ProposedChange> {
  const { wish, person, actor, viewId, now } = params;
  const earlier = await byViewId(services.db, viewId);
  if (earlier !== null) return earlier;
  requireProposer(services, person);
  const read = readWish(services, wish, person, now);
  const { asset } = read;
  return services.db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`definition:${asset.id}`}, 0))`.execute(trx);
    const again = await byViewId(trx, viewId);
    if (again !== null) return again;
    await requireNoOther(trx, asset.id);
    await lockNames(trx);
    await requireFreeNames(services, trx, read, person);
    const name = asset.label ?? asset.name;
    const row = await trx
      .insertInto('definition_change')
      .values({
        kind: wish.kind,
        state: 'proposed',
        asset_id: asset.id,
        asset_name: name,
        present: JSON.stringify(read.present),
        proposed: JSON.stringify(read.proposed),
        successor_id: read.successor?.id ?? null,
        successor: read.successor?.name ?? null,
        last_day: wish.kind === 'deprecate' ? read.effectiveDate : null,
        reason: wish.reason.trim().slice(0, 2_000),
        effective_date: read.effectiveDate,
        impact: JSON.stringify(read.impact),
        requested_by: person.id,
        view_id: viewId,
        created_at: now,
        updated_at: now,
      })
      .returning(['id', 'number', 'reason'])
      .executeTakeFirstOrThrow();
    const reference = referenceOf(row);
    await recordAudit(trx, {
      actor,
      action: 'definition.propose',
      subject: { kind: 'definition', id: row.id },
      now,
      after: {
        state: 'proposed',
        kind: wish.kind,
        asset: asset.id,
        fields: Object.keys(read.proposed),
        effective: read.effectiveDate,
        successor: read.successor?.id ?? null,
        downstream: read.impact.total,
      },
      text: { reason: row.reason, asset: name, present: read.present, proposed: read.proposed },
    });
    const channelId = services.config.slack.channels.approvals;
    // A channel is read by anybody: what not everybody may see is shown to those concerned only.
    if (channelId !== undefined && maySeeFor(services, { ...person, teams: [] })(asset)) {
      await postCard(trx, {
        key: channelCardKey(row.id),
        to: { channelId },
        card: { kind: cardKind, id: row.id, variant: 'channel' },
        now,
      });
    }
    const opened = await services.approvals.openRequest(trx, {
      kind: 'definition',
      subjectId: row.id,
      reference,
      requesterId: person.id,
      actor,
      reason: row.reason,
      now,
    });
    const what = `${reference}: ${wish.kind === 'change' ? 'a new definition' : 'the deprecation'} of ${name}`;
    return {
      id: row.id,
      reference,
      state: opened.state,
      text:
        opened.state === 'approved'
          ? `${what} is approved by policy and goes to the source.`
          : `${what} waits for approval; the card shows by whom. Until then everybody reads the present text.`,
    };
  });
}

function factsWish(wish: DefinitionWish, read: ReadWish) {
  return {
    kind: wish.kind,
    assetId: read.asset.id,
    assetName: read.asset.label ?? read.asset.name,
    effectiveDate: read.effectiveDate,
  };
}

async function byViewId(db: Db | Trx, viewId: string): Promise<ProposedChange | null> {
  const row = await db
    .selectFrom('definition_change')
    .select(['id', 'number', 'state'])
    .where('view_id', '=', viewId)
    .executeTakeFirst();
  if (row === undefined) return null;
  const reference = referenceOf(row);
  return {
    id: row.id,
    reference,
    state: row.state === 'proposed' ? 'pending' : 'approved',
    text: `${reference} was proposed with this form already (${row.state}).`,
  };
}

/** Two texts for one thing cannot both be approved: the second waits until the first is decided. */
async function requireNoOther(db: Db | Trx, assetId: string): Promise<void> {
  const other = await db
    .selectFrom('definition_change')
    .select('number')
    .where('asset_id', '=', assetId)
    .where('state', '=', 'proposed')
    .executeTakeFirst();
  if (other === undefined) return;
  const sentence = `${referenceOf(other)} already proposes a change of this and is not decided. Talk to whoever proposed it, or wait for the decision.`;
  throw new InvalidInputError(`Nothing was proposed. ${sentence}`, { reason: sentence });
}

/** A name that another change asks for is as good as taken. What the proposer may not know of is answered like a free one, as in the catalog itself. */
async function requireFreeNames(
  services: Services,
  db: Db | Trx,
  { asset, proposed, present }: ReadWish,
  person: Person,
): Promise<void> {
  const names = newNames(proposed, present);
  const claims = await claimsOn(db, services.catalog.current().view, {
    asset,
    names,
    states: ['proposed', 'approved'],
  });
  const claim = claims.find((one) => mayKnowOf(one.asset, person, services.config.catalog.visibility));
  if (claim === undefined) return;
  const standing = claim.state === 'approved' ? 'approved and not in the source yet' : 'not decided yet';
  const sentence = `“${claim.name}” is to name ${claim.asset.label ?? claim.asset.name} (${claim.reference}, ${standing}). Choose other words.`;
  const field = claim.name === proposed.label ? 'label' : 'synonyms';
  throw new InvalidInputError(`Nothing was proposed. ${sentence}`, { [field]: sentence });
}
