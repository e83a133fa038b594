import type { Actor } from '../../audit/record.js';
import { recordAudit } from '../../audit/record.js';
import type { Asset } from '../../catalog/asset.js';
import { NotFoundError } from '../../errors.js';
import { postCard } from '../../jobs/outgoing.js';
import { onCallOrNobody } from '../../people/on-call.js';
import type { Person } from '../../people/person.js';
import type { Services } from '../../services.js';
import { reportGap } from './gaps.js';

export interface AskPeople {
  /** What is asked about: a catalog asset, or a kept question that had no answer. */
  about: { asset: Asset } | { questionId: string };
  actor: Actor;
  personId: string;
  now: Date;
}

/** At most this many are asked at once; the first who answers closes it. */
const askedAtMost = 3;

/**
 * Asks whoever should know, on a person's behalf: the owner of the asset, else whoever is on call for the data. The question stands in the
 * queue, everybody who asks it is told once it is answered. Returns whom it was sent to.
 */
export async function askPeople(services: Services, ask: AskPeople): Promise<Person[]> {
  const words =
    'asset' in ask.about
      ? (ask.about.asset.label ?? ask.about.asset.name)
      : await wordsOf(services, ask.about.questionId);
  return services.db.transaction().execute(async (trx) => {
    const asset = 'asset' in ask.about ? ask.about.asset : undefined;
    const gapId = await reportGap(trx, {
      type: 'missing',
      question: words,
      personId: ask.personId,
      now: ask.now,
      ...(asset ? { assetId: asset.id } : {}),
      ...(asset?.tier === undefined ? {} : { tier: asset.tier }),
    });
    if (gapId === null)
      throw new NotFoundError('There is nothing in these words that could be asked. Nobody was asked.');
    const owners = asset
      ? (await Promise.all(asset.owners.map((owner) => services.directory.resolveOwner(trx, owner)))).flat()
      : [];
    const people = (owners.length > 0 ? owners : await dataPeople(services, trx, ask.now))
      .filter((person) => person.id !== ask.personId)
      .slice(0, askedAtMost);
    for (const person of people) {
      await postCard(trx, {
        key: `gap:${gapId}:${person.id}`,
        to: { personId: person.id },
        card: { kind: 'answer-gap', id: gapId, variant: 'owner' },
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

async function wordsOf(services: Services, questionId: string): Promise<string> {
  await services.questions.flush();
  const row = await services.db
    .selectFrom('question')
    .select('text')
    .where('id', '=', questionId)
    .executeTakeFirst();
  if (!row?.text)
    throw new NotFoundError('This question is too old to be passed on. Nobody was asked. Ask it again.');
  return row.text;
}

/** Who answers for the data as a whole: on call now, else the data team, else the administrators. */
async function dataPeople(
  services: Services,
  trx: Parameters<Services['directory']['teamMembers']>[0],
  now: Date,
): Promise<Person[]> {
  const { directory, config } = services;
  const teams = [...(config.incidents.team ? [config.incidents.team] : []), ...config.authority.dataTeam];
  for (const team of teams) {
    const onCall = await onCallOrNobody(services, trx, team, now);
    if (onCall.length > 0) return onCall;
  }
  for (const team of teams) {
    const members = await directory.teamMembers(trx, team);
    if (members.length > 0) return members;
  }
  const admins = await Promise.all(config.authority.admins.map((email) => directory.byEmail(trx, email)));
  return admins.filter((person): person is Person => person !== null && person.status === 'active');
}
