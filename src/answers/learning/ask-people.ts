import type { Actor } from '../../audit/record.js';
import { recordAudit } from '../../audit/record.js';
import type { Asset } from '../../catalog/asset.js';
import { NotFoundError } from '../../errors.js';
import { postCard } from '../../jobs/outgoing.js';
import type { Person } from '../../people/person.js';
import type { Services } from '../../services.js';
import type { Wish } from '../tables.js';
import { assignGap, gapCardKind, reportGap } from './gaps.js';
import { likelyPeople } from './likely-people.js';

export interface AskPeople {
  /** What is asked about: a catalog asset, or a kept question that had no answer. */
  about: { asset: Asset } | { questionId: string };
  /** It is nothing that exists and is not described: something new is wanted. */
  wish?: Wish;
  actor: Actor;
  personId: string;
  now: Date;
}

/** At most this many are asked at once; the first who answers closes it. */
const askedAtMost = 3;

/**
 * Asks whoever should know, on a person's behalf: the owner of the asset, else of what comes nearest, else whoever is on call for the data. The question stands in the
 * queue, everybody who asks it is told once it is answered. Returns whom it was sent to.
 */
export async function askPeople(services: Services, ask: AskPeople): Promise<Person[]> {
  const words =
    'asset' in ask.about
      ? (ask.about.asset.label ?? ask.about.asset.name)
      : await wordsOf(services, ask.about.questionId, ask.personId);
  return services.db.transaction().execute(async (trx) => {
    const asset = 'asset' in ask.about ? ask.about.asset : undefined;
    const gapId = await reportGap(trx, {
      type: 'missing',
      question: words,
      personId: ask.personId,
      now: ask.now,
      // Asking a person about a question that is in the queue already is not asking it twice.
      again: 'questionId' in ask.about,
      ...(ask.wish === undefined ? {} : { wish: ask.wish }),
      ...(asset ? { assetId: asset.id } : {}),
      ...(asset?.tier === undefined ? {} : { tier: asset.tier }),
    });
    if (gapId === null)
      throw new NotFoundError('There is nothing in these words that could be asked. Nobody was asked.');
    const likely = await likelyPeople(services, trx, {
      asset,
      question: words,
      askerId: ask.personId,
      now: ask.now,
    });
    const people = likely.slice(0, askedAtMost);
    await assignGap(trx, gapId, people[0]?.id);
    for (const person of people) {
      await postCard(trx, {
        key: `gap:${gapId}:${person.id}`,
        to: { personId: person.id },
        card: { kind: gapCardKind, id: gapId, variant: 'owner' },
        now: ask.now,
      });
    }
    await recordAudit(trx, {
      actor: ask.actor,
      action: 'gap.ask',
      subject: { kind: 'gap', id: gapId },
      now: ask.now,
      after: { asked: people.map((person) => person.id) },
    });
    return people;
  });
}

export async function wordsOf(services: Services, questionId: string, personId: string): Promise<string> {
  await services.questions.flush();
  const row = await services.db
    .selectFrom('question')
    .select('text')
    .where('id', '=', questionId)
    .where('person_id', '=', personId)
    .executeTakeFirst();
  if (!row?.text)
    throw new NotFoundError('This question is too old to be passed on. Nobody was asked. Ask it again.');
  return row.text;
}
