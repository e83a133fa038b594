import { sql } from 'kysely';
import { type Actor, recordAudit } from '../../audit/record.js';
import { decide } from '../../catalog/search/decide.js';
import { search } from '../../catalog/search/search.js';
import type { LoadedCatalog } from '../../catalog/store.js';
import type { Db, Trx } from '../../db/database.js';
import { claimsOn, lockNames } from '../../definitions/name-claims.js';
import { IllegalTransitionError, InvalidInputError, NotFoundError } from '../../errors.js';
import { postCard, refreshCards } from '../../jobs/outgoing.js';
import { ownersOf } from '../../people/owners-of.js';
import type { Services } from '../../services.js';
import { foldQuestion } from './fold-question.js';
import { wakeLearning } from './learn.js';

export interface ProposedAlias {
  assetId: string;
  /** The words that somebody used and then said what they meant. */
  text: string;
  actor: Actor;
  personId: string | null;
  now: Date;
}

const longestAlias = 80;
export const aliasCardKind = 'alias';

/**
 * A confirmed "did you mean": keeps the words as a proposed name of the asset. Again the same: one more confirmation. Words that are
 * already a name of something, too long or empty are not kept; then the result is null.
 */
export async function proposeAlias(
  services: Pick<Services, 'db' | 'catalog' | 'directory'>,
  alias: ProposedAlias,
): Promise<string | null> {
  const { db } = services;
  const catalog = services.catalog.current();
  const text = alias.text.replace(/\s+/g, ' ').replace(/^[\s"'?!.,]+|[\s"'?!.,]+$/g, '');
  const folded = foldQuestion(text);
  if (
    folded === '' ||
    text.length > longestAlias ||
    folded.split(' ').length > 8 ||
    takenBy(catalog, text) !== undefined
  )
    return null;
  return db.transaction().execute(async (trx) => {
    const row = await trx
      .insertInto('alias')
      .values({ asset_id: alias.assetId, text, folded, proposed_by: alias.personId, proposed_at: alias.now })
      .onConflict((conflict) =>
        conflict.columns(['asset_id', 'folded']).doUpdateSet({ confirmations: sql`alias.confirmations + 1` }),
      )
      .returning(['id', 'confirmations', 'state'])
      .executeTakeFirstOrThrow();
    if (row.state === 'proposed') await askOwners(services, trx, { ...alias, id: row.id });
    await recordAudit(trx, {
      actor: alias.actor,
      action: 'alias.propose',
      subject: { kind: 'alias', id: row.id },
      now: alias.now,
      after: { assetId: alias.assetId, confirmations: row.confirmations },
      text: { alias: text },
    });
    return row.id;
  });
}

/** Of a team that owns it, a few are asked. */
const askedAtMost = 6;

/** Each owner is asked once, in person: a name is in force only when one of them says so. */
async function askOwners(
  services: Pick<Services, 'catalog' | 'directory'>,
  trx: Trx,
  { id, assetId, now }: { id: string; assetId: string; now: Date },
): Promise<void> {
  const asset = services.catalog.current().view.get(assetId);
  for (const person of (await ownersOf(services, trx, asset)).slice(0, askedAtMost)) {
    await postCard(trx, {
      key: `alias:${id}:${person.id}`,
      to: { personId: person.id },
      card: { kind: aliasCardKind, id },
      now,
    });
  }
}

/** The asset that these words already name, word for word. */
function takenBy(catalog: LoadedCatalog, text: string): string | undefined {
  const decision = decide(catalog.index, search(catalog.index, text));
  if (decision.outcome === 'answered' && decision.reason === 'exact') return decision.chosen.id;
  return decision.outcome === 'ambiguous' && decision.reason === 'same-name'
    ? decision.offered[0]?.id
    : undefined;
}

/**
 * The owner's word on a proposed name. Accepting makes the catalog load anew everywhere; names are unique in the catalog.
 * The caller has checked that the actor may.
 * @throws NotFoundError, IllegalTransitionError, InvalidInputError when another thing has that name.
 */
export async function decideAlias(
  db: Db,
  catalog: LoadedCatalog,
  decision: { id: string; accept: boolean; actor: Actor; now: Date },
): Promise<void> {
  const found = await db.selectFrom('alias').selectAll().where('id', '=', decision.id).executeTakeFirst();
  if (!found) throw new NotFoundError('There is no such proposal.');
  await db.transaction().execute(async (trx) => {
    if (decision.accept) {
      await lockNames(trx);
      await requireFree(trx, catalog, found);
    }
    const changed = await trx
      .updateTable('alias')
      .set({
        state: decision.accept ? 'accepted' : 'rejected',
        decided_by: decision.actor.personId,
        decided_at: decision.now,
      })
      .where('id', '=', decision.id)
      .where('state', '=', 'proposed')
      .executeTakeFirst();
    if (changed.numUpdatedRows === 0n) {
      throw new IllegalTransitionError(
        `This name is already ${found.state}. Nothing was changed.`,
        found.state,
        decision.accept ? 'accepted' : 'rejected',
      );
    }
    if (decision.accept) {
      await trx
        .updateTable('catalog_version')
        .set({ version: sql`version + 1`, changed_at: decision.now })
        .execute();
      await wakeLearning(trx, decision.now);
    }
    await refreshCards(trx, { kind: aliasCardKind, id: decision.id }, decision.now);
    await recordAudit(trx, {
      actor: decision.actor,
      action: decision.accept ? 'alias.accept' : 'alias.reject',
      subject: { kind: 'alias', id: decision.id },
      now: decision.now,
      before: { state: 'proposed' },
      after: { state: decision.accept ? 'accepted' : 'rejected', assetId: found.asset_id },
    });
  });
}

/** @throws InvalidInputError when something else has the name, or an approved change gives it to something else. */
async function requireFree(
  trx: Trx,
  catalog: LoadedCatalog,
  alias: { text: string; folded: string; asset_id: string },
): Promise<void> {
  const asset = catalog.view.get(alias.asset_id);
  const another = await trx
    .selectFrom('alias')
    .select('asset_id')
    .where('folded', '=', alias.folded)
    .where('state', '=', 'accepted')
    .executeTakeFirst();
  const claims =
    asset === undefined
      ? []
      : await claimsOn(trx, catalog.view, { asset, names: [alias.text], states: ['approved'] });
  const others = [takenBy(catalog, alias.text), another?.asset_id, claims[0]?.asset.id];
  if (others.every((id) => id === undefined || id === alias.asset_id || id === asset?.id)) return;
  throw new InvalidInputError(
    `"${alias.text}" already names something else. A name leads to one thing: choose other words.`,
  );
}

export interface AliasProposal {
  id: string;
  assetId: string;
  text: string;
  confirmations: number;
  proposedAt: Date;
}

/** Proposals that wait for the owners of these assets, the most confirmed first. */
export async function proposedAliases(db: Db, assetIds: readonly string[]): Promise<AliasProposal[]> {
  if (assetIds.length === 0) return [];
  const rows = await db
    .selectFrom('alias')
    .select(['id', 'asset_id', 'text', 'confirmations', 'proposed_at'])
    .where('state', '=', 'proposed')
    .where('asset_id', 'in', [...assetIds])
    .orderBy('confirmations', 'desc')
    .orderBy('proposed_at')
    .limit(100)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    assetId: row.asset_id,
    text: row.text,
    confirmations: row.confirmations,
    proposedAt: row.proposed_at,
  }));
}
