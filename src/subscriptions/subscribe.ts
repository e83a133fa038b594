import { type Actor, recordAudit } from '../audit/record.js';
import { mayRead } from '../catalog/visibility.js';
import { InvalidInputError, NotFoundError } from '../errors.js';
import type { Person } from '../people/person.js';
import type { Services } from '../services.js';
import { isOpenIn } from './readers.js';
import { domainNamed, type Subject } from './subject.js';

export interface SetSubscription {
  subject: Subject;
  person: Person;
  actor: Actor;
  /** Absent: for the person. */
  channelId?: string;
  now: Date;
}

/** The same answer for what is hidden and for what does not exist. */
const unknown = 'The catalog has nothing by that name that you can read. Nothing was changed.';

/**
 * Subscribes a person or a channel. Once is enough: again it changes nothing. A channel is read by all of its members, so it gets only what is open to
 * everybody, unless steward.yml names it as an audience.
 * @throws NotFoundError, InvalidInputError, NotAllowedError
 */
export async function subscribe(services: Services, wish: SetSubscription): Promise<string> {
  const name = nameOf(services, wish);
  if (wish.channelId !== undefined && !mayBeShownIn(services, wish, wish.channelId))
    throw new InvalidInputError(
      `${name} is not open to everybody who reads this channel. Subscribe yourself instead: leave out "here".`,
    );
  await setState(services, wish, 'on');
  return name;
}

/** Ends it, and keeps that it was ended: notices for another reason (having asked about it) stop too. */
export async function unsubscribe(services: Services, wish: SetSubscription): Promise<void> {
  // Needs no right to read it: whoever was shut out meanwhile may still stop hearing of it.
  requireMember(services, wish.person);
  await setState(services, wish, 'stopped');
  const { subject, person } = wish;
  if (!('domain' in subject) || wish.channelId !== undefined) return;
  // Who stops a domain's news means all of them, those of single things in it too.
  const { view } = services.catalog.current();
  const rows = await services.db
    .selectFrom('subscription')
    .select('asset_id')
    .where('person_id', '=', person.id)
    .where('state', '=', 'on')
    .where('asset_id', 'is not', null)
    .execute();
  for (const { asset_id: assetId } of rows)
    if (assetId !== null && view.get(assetId)?.domain === subject.domain)
      await setState(services, { ...wish, subject: { assetId } }, 'stopped');
}

function nameOf(services: Services, { subject, person }: SetSubscription): string {
  requireMember(services, person);
  const { view } = services.catalog.current();
  const rules = services.config.catalog.visibility;
  if ('domain' in subject) {
    const domain = domainNamed(view, subject.domain, (asset) => mayRead(asset, person, rules));
    if (domain === null) throw new NotFoundError(unknown);
    return `the domain ${domain}`;
  }
  const asset = view.get(subject.assetId);
  if (asset === undefined || asset.kind === 'column' || !mayRead(asset, person, rules))
    throw new NotFoundError(unknown);
  return asset.label ?? asset.name;
}

function mayBeShownIn(services: Services, { subject }: SetSubscription, channelId: string): boolean {
  // What a domain's note may show in a channel is looked at line by line when it is sent.
  if ('domain' in subject) return true;
  const asset = services.catalog.current().view.get(subject.assetId);
  return asset !== undefined && isOpenIn(services, asset, channelId);
}

function requireMember(services: Services, person: Person): void {
  services.authority.require(
    'subscription.set',
    new Set(person.kind === 'member' && person.status === 'active' ? (['member'] as const) : []),
  );
}

async function setState(
  services: Services,
  { subject, person, actor, channelId, now }: SetSubscription,
  state: 'on' | 'stopped',
): Promise<void> {
  await services.db.transaction().execute(async (trx) => {
    const row = await trx
      .insertInto('subscription')
      .values({
        asset_id: 'assetId' in subject ? subject.assetId : null,
        domain: 'domain' in subject ? subject.domain : null,
        person_id: channelId === undefined ? person.id : null,
        channel_id: channelId ?? null,
        state,
        created_by: person.id,
        created_at: now,
        updated_at: now,
      })
      .onConflict((conflict) =>
        conflict
          .columns(['asset_id', 'domain', 'person_id', 'channel_id'])
          .doUpdateSet({ state, created_by: person.id, updated_at: now })
          .where('subscription.state', '<>', state),
      )
      .returning('id')
      .executeTakeFirst();
    if (row === undefined) return;
    await recordAudit(trx, {
      actor,
      action: state === 'on' ? 'subscription.start' : 'subscription.stop',
      subject: { kind: 'subscription', id: row.id },
      now,
      after: { state, ...subject, channel: channelId ?? null },
    });
  });
}
