import type { Asset } from '../../catalog/asset.js';
import type { Db, Trx } from '../../db/database.js';
import { isAway, onCallOrNobody } from '../../people/on-call.js';
import { ownersOf } from '../../people/owners-of.js';
import type { Person } from '../../people/person.js';
import type { Services } from '../../services.js';
import { answerQuestion } from '../answer.js';
import { prepareIndex } from '../visible-index.js';

/** Nearest things whose owners are thought of. */
const nearestAtMost = 3;

/**
 * Who should know: the owners of the asset, or its backup where they left; for words that are no asset, the owners of the nearest thing that has one; else whoever answers for the data as
 * a whole. Whoever is away gives way to who stands in for them or is here. First the likeliest.
 */
export async function likelyPeople(
  services: Pick<Services, 'directory' | 'config' | 'catalog' | 'log'>,
  db: Db | Trx,
  about: {
    asset?: Asset | undefined;
    question: string;
    /** Who asks: nobody is asked their own question while there is somebody else. */
    askerId?: string;
    now: Date;
  },
): Promise<Person[]> {
  const assets =
    about.asset === undefined ? await nearest(services, about.question, about.now) : [about.asset];
  const away: Person[] = [];
  for (const asset of assets) {
    const owners = (await ownersOf(services, db, asset)).filter(({ id }) => id !== about.askerId);
    const here = await hereOrStandIns(services, db, owners, about.now);
    const others = here.filter(({ id }) => id !== about.askerId);
    if (others.length > 0) return others;
    away.push(...owners);
  }
  const people = (await dataPeople(services, db, about.now)).filter(({ id }) => id !== about.askerId);
  return people.length > 0 ? people : away;
}

/** Those who are here; where none is, whom they named to stand in for them. */
async function hereOrStandIns(
  { config, directory }: Pick<Services, 'directory' | 'config'>,
  db: Db | Trx,
  people: readonly Person[],
  now: Date,
): Promise<Person[]> {
  const isOut = ({ email }: Person): boolean => email !== null && isAway(config.people, email, now);
  const here = people.filter((person) => !isOut(person));
  if (here.length > 0) return here;
  const delegates = config.people
    .filter((entry) => people.some(({ email }) => email === entry.email))
    .flatMap(({ away }) => away?.delegate ?? []);
  const found = await Promise.all(delegates.map((email) => directory.byEmail(db, email)));
  return found.filter(
    (person): person is Person => person !== null && person.status === 'active' && !isOut(person),
  );
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
