import type { Asset } from '../../catalog/asset.js';
import type { Db, Trx } from '../../db/database.js';
import { onCallOrNobody } from '../../people/on-call.js';
import { ownersOf } from '../../people/owners-of.js';
import type { Person } from '../../people/person.js';
import type { Services } from '../../services.js';
import { answerQuestion } from '../answer.js';
import { prepareIndex } from '../visible-index.js';

/** Nearest things whose owners are thought of. */
const nearestAtMost = 3;

/**
 * Who should know: the owners of the asset, or its backup where they left; for words that are no asset, the owners of the nearest thing that has one; else whoever answers for the data as
 * a whole. First the likeliest.
 */
export async function likelyPeople(
  services: Pick<Services, 'directory' | 'config' | 'catalog' | 'log'>,
  db: Db | Trx,
  about: { asset?: Asset | undefined; question: string; now: Date },
): Promise<Person[]> {
  const assets =
    about.asset === undefined ? await nearest(services, about.question, about.now) : [about.asset];
  for (const asset of assets) {
    const owners = await ownersOf(services, db, asset);
    if (owners.length > 0) return owners;
  }
  return dataPeople(services, db, about.now);
}

/** What everybody may see that comes nearest to the words: an owner found through something hidden would tell that it is there. */
async function nearest(
  services: Pick<Services, 'config' | 'catalog'>,
  question: string,
  now: Date,
): Promise<Asset[]> {
  const catalog = services.catalog.current();
  const { view, index } = catalog;
  const viewer = { teams: [] };
  const rules = services.config.catalog.visibility;
  await prepareIndex(catalog, viewer, rules);
  const answer = answerQuestion({
    view,
    index,
    now,
    viewer,
    rules,
    question,
  });
  return answer.assets.slice(0, nearestAtMost).map(({ asset }) => asset);
}

/** Who answers for the data as a whole: on call now, else the data team, else the administrators. */
async function dataPeople(
  services: Pick<Services, 'directory' | 'config' | 'log'>,
  db: Db | Trx,
  now: Date,
): Promise<Person[]> {
  const { directory, config } = services;
  const teams = [...(config.incidents.team ? [config.incidents.team] : []), ...config.authority.dataTeam];
  for (const team of teams) {
    const onCall = await onCallOrNobody(services, db, team, now);
    if (onCall.length > 0) return onCall;
  }
  for (const team of teams) {
    const members = await directory.teamMembers(db, team);
    if (members.length > 0) return members;
  }
  const admins = await Promise.all(config.authority.admins.map((email) => directory.byEmail(db, email)));
  return admins.filter((person): person is Person => person !== null && person.status === 'active');
}
