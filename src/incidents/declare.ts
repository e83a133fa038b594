import type { Trx } from '../db/database.js';
import type { Services } from '../services.js';
import { announce, gatherMembers } from './announce.js';
import { storeRadius } from './blast/store.js';
import { walkRadius } from './blast/walk.js';
import { type ActOn, auditIncident } from './change.js';
import { startChecklist } from './checklist.js';
import { type Incident, loadIncident, referenceOf, rolesIn } from './incident.js';
import { noteStart } from './key-times.js';
import { hiddenFromSome, knownAssets } from './known-assets.js';
import { fireRules } from './rules/fire.js';
import { severityOf, suggestSeverity } from './severity.js';
import { addEntry } from './timeline.js';
import { replan } from './timers.js';

export interface DeclareParams extends Omit<ActOn, 'incidentId'> {
  /** May be empty: then it is made from what is broken. */
  title?: string;
  summary?: string;
  severity?: string;
  assetIds?: readonly string[];
  private?: boolean;
  drill?: boolean;
  /** `data_exposure` is private from the first second. */
  kind?: Incident['kind'];
  cause?: string;
  /** When the data went bad, where somebody knows. */
  startedAt?: Date;
  /** A message that says what was seen: becomes the first entry of the timeline. */
  evidence?: { text: string; link?: string; files?: readonly string[]; sourceKey?: string };
  via: string;
  /** The same delivery declares once. */
  deliveryKey: string;
}

/** Declares an incident. Everything that follows (channel, notices, pages, reminders) is written in the same transaction. */
export async function declareIncident(services: Services, params: DeclareParams): Promise<Incident> {
  const existing = await services.db
    .selectFrom('incident')
    .selectAll()
    .where('delivery_key', '=', params.deliveryKey)
    .executeTakeFirst();
  if (existing !== undefined) return existing;
  const { view } = services.catalog.current();
  const broken = await knownAssets(
    services,
    services.db,
    params.actor,
    params.assetIds ?? [],
    'nothing was declared',
  );
  const radius = walkRadius(view, broken);
  const severity =
    params.severity === undefined || params.severity === ''
      ? suggestSeverity(services.config, radius)
      : severityOf(services.config, params.severity).id;
  const exposure = params.kind === 'data_exposure';
  const isPrivate = exposure || (params.private ?? false);
  // A title is read by everybody, unless the incident is private: what some may not know of gives it no name.
  const nameable = radius
    .filter(({ relation }) => relation === 'direct')
    .filter(({ assetId }) => isPrivate || hiddenFromSome(services, assetId) === undefined)
    .map(({ name }) => name);
  const id = await services.db.transaction().execute(async (trx) => {
    services.authority.require(
      'incident.declare',
      await rolesIn(services, trx, null, params.actor, params.now),
    );
    const inserted = await trx
      .insertInto('incident')
      .values({
        state: 'investigating',
        severity,
        kind: params.kind ?? 'incident',
        title: cleanTitle(params.title) ?? titleOf(nameable, exposure),
        summary: params.summary?.trim() ?? '',
        private: isPrivate,
        drill: params.drill ?? false,
        cause: params.cause ?? null,
        declared_by: params.actor.personId,
        declared_via: params.via,
        delivery_key: params.deliveryKey,
        started_at: params.startedAt ?? null,
        detected_at: params.now,
        declared_at: params.now,
        created_at: params.now,
        updated_at: params.now,
      })
      .onConflict((conflict) => conflict.column('delivery_key').doNothing())
      .returningAll()
      .executeTakeFirst();
    if (inserted === undefined) {
      const other = await trx
        .selectFrom('incident')
        .select('id')
        .where('delivery_key', '=', params.deliveryKey)
        .executeTakeFirstOrThrow();
      return other.id;
    }
    await storeRadius(services, trx, inserted, broken, params.now);
    if (inserted.started_at !== null)
      await noteStart(trx, {
        incidentId: inserted.id,
        at: inserted.started_at,
        actorId: params.actor.personId,
        now: params.now,
      });
    await addEntry(trx, {
      incidentId: inserted.id,
      at: params.now,
      kind: 'state',
      text: `${referenceOf(inserted)} declared${inserted.drill ? ' as a drill' : ''}`,
      actorId: params.actor.personId,
      data: { to: 'investigating', severity },
      now: params.now,
    });
    if (params.evidence !== undefined) {
      const files = params.evidence.files ?? [];
      await addEntry(trx, {
        incidentId: inserted.id,
        at: params.now,
        kind: 'message',
        text: params.evidence.text || 'The message this was declared from',
        link: params.evidence.link ?? null,
        ...(params.evidence.sourceKey === undefined ? {} : { sourceKey: params.evidence.sourceKey }),
        ...(files.length === 0 ? {} : { data: { files: [...files] } }),
        now: params.now,
      });
    }
    await auditIncident(trx, params, inserted, 'incident.declare', {
      after: {
        number: inserted.number,
        severity,
        kind: inserted.kind,
        private: inserted.private,
        drill: inserted.drill,
        assets: broken,
      },
      text: { title: inserted.title, summary: inserted.summary },
    });
    await openUp(services, trx, inserted.id, params.now);
    return inserted.id;
  });
  const declared = await loadIncident(services.db, id);
  if (declared === null) throw new Error('a declared incident is gone');
  return declared;
}

/** Everything that begins when an incident becomes a real one: by declaration, or by accepting it from triage. */
export async function openUp(services: Services, trx: Trx, incidentId: string, now: Date): Promise<void> {
  const incident = await trx
    .selectFrom('incident')
    .selectAll()
    .where('id', '=', incidentId)
    .executeTakeFirstOrThrow();
  await startChecklist(services, trx, incident, now);
  await gatherMembers(services, trx, incident, now);
  await announce(services, trx, incident, now);
  await replan(services, trx, incident, now);
  await fireRules(services, trx, incident, 'declare', incident.id, now);
}

function cleanTitle(title: string | undefined): string | null {
  const text = (title ?? '').replaceAll(/\s+/g, ' ').trim();
  return text === '' ? null : text.slice(0, 200);
}

/** A title for those who had no time for one, from the names of what is broken. */
export function titleOf(names: readonly string[], exposure: boolean): string {
  const [first, ...more] = names;
  if (exposure) return first === undefined ? 'Possible data exposure' : `Possible data exposure on ${first}`;
  if (first === undefined) return 'Something is wrong with our data';
  return more.length === 0
    ? `Something is wrong with ${first}`
    : `Something is wrong with ${first} and ${more.length} more`;
}
