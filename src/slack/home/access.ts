import { liveStates } from '../../access/lifecycle.js';
import { listHeld, listMine } from '../../access/read-access.js';
import type { Db } from '../../db/database.js';
import { actions, context, header, section } from '../blocks.js';
import { rowBlocks, rowSentence, waitingBlocks } from '../cards/access-lists.js';
import { escapeMrkdwn } from '../mrkdwn.js';
import type { HomeSection } from '../surface.js';

const shown = 5;

/** What waits for this person's decision, with approve and deny at hand. */
export const waitingForMe: HomeSection = {
  name: 'waiting for me',
  order: 10,
  render: async (services, person) => {
    const waiting = await services.approvals.waitingFor(services.db, {
      personId: person.id,
      limit: shown + 1,
    });
    const standIn = actions([{ text: 'Choose a stand-in', actionId: 'approval:delegate', value: 'me' }]);
    // Who goes on holiday has often nothing waiting; who was asked before will be asked again.
    if (waiting.length === 0) return (await wasEverAsked(services.db, person.id)) ? [standIn] : [];
    const rest = waiting.length > shown ? [context('More: `/access pending`')] : [];
    return [header('Waiting for me'), ...waitingBlocks(waiting.slice(0, shown)), standIn, ...rest];
  },
};

/** What this person asked for and is not decided yet. */
export const myRequests: HomeSection = {
  name: 'mine',
  order: 40,
  render: async (services, person, now) => {
    const rows = await listMine(services.db, { personId: person.id, states: ['requested'], limit: shown });
    if (rows.length === 0) return [];
    return [header('My requests'), ...rows.map((row) => section(escapeMrkdwn(rowSentence(row, now))))];
  },
};

/** What this person holds, with days left. */
export const myAccess: HomeSection = {
  name: 'my access',
  order: 50,
  render: async (services, person, now) => {
    const rows = await listHeld(services.db, person.id, shown + 1);
    const live = rows.filter((row) => liveStates.some((state) => state === row.state)).slice(0, shown);
    const ask = actions([{ text: 'Request access', actionId: 'access:request', value: 'any' }]);
    if (live.length === 0) return [header('My access'), section('You hold no access through Steward.'), ask];
    const rest = rows.length > shown ? [context('More: `/access mine`')] : [];
    return [header('My access'), ...live.flatMap((row) => rowBlocks(row, now)), ask, ...rest];
  },
};

async function wasEverAsked(db: Db, personId: string): Promise<boolean> {
  const row = await db
    .selectFrom('approval_notified')
    .select('person_id')
    .where('person_id', '=', personId)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}
