import { gatherRegistrations } from '../../src/app.js';
import { StewardError } from '../../src/errors.js';
import { cards } from '../../src/slack/cards/registry.js';
import { renderHome } from '../../src/slack/home.js';
import type { Caller } from '../../src/slack/surface.js';
import type { TestServices } from '../helpers/services.js';

/** None of them may know of what is hidden. */
export const people = ['olga', 'sam', 'nina', 'adam'] as const;
export type Name = (typeof people)[number] | 'hugo' | 'hana';

export async function callerOf(
  world: TestServices,
  name: Name,
  channel: Caller['channel'] = null,
): Promise<Caller> {
  const person = await world.directory.byEmail(world.db, `${name}@example.com`);
  if (person === null) throw new Error(`no ${name}`);
  return {
    person,
    actor: { personId: person.id, kind: 'person', channel: 'slack' },
    surface: 'command',
    channel,
    threadTs: null,
    messageTs: null,
    now: world.clock.now(),
    deliveryKey: 'walk',
  };
}

/** What somebody sees, as bytes: ids that are made anew each time are no part of it. */
export async function seen(look: () => Promise<unknown>): Promise<string> {
  const shown = await look().catch((error: unknown) => {
    // A fault of ours is told as a reference number: it must be one in both worlds.
    return { refused: error instanceof StewardError ? error.message : 'fault' };
  });
  return (JSON.stringify(shown) ?? 'nothing').replaceAll(
    /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g,
    'id',
  );
}

/** The App Home of somebody, as bytes. */
export function homeOf(world: TestServices, name: Name): Promise<string> {
  return seen(async () =>
    renderHome(world, {
      person: (await callerOf(world, name)).person,
      sections: gatherRegistrations().home,
      now: world.clock.now(),
    }),
  );
}

/** Names of hidden things, one with a slip. */
export const names = ['wagebill', 'salary mass', 'fct_wages', 'wagebil'];
/** What stands around them. */
export const around = ['revenue', 'payments', 'cost', 'margin', ''];

export interface Sent {
  to: string;
  card: string;
  shown: string;
}

/** Every message made in a world, as it would be sent now, but for those to who may know of everything. */
export async function messagesOf(world: TestServices, to: (place: string) => boolean): Promise<Sent[]> {
  const rows = await world.db
    .selectFrom('slack_message')
    .leftJoin('person', 'person.id', 'slack_message.person_id')
    .select(['card_kind', 'card_id', 'variant', 'channel_id', 'person.email'])
    .execute();
  const sent: Sent[] = [];
  for (const row of rows) {
    const place = row.email ?? row.channel_id ?? 'nowhere';
    if (!to(place)) continue;
    const card = cards.find(({ kind }) => kind === row.card_kind);
    const shown = await seen(async () => {
      const rendered = await card?.render(world, row.card_id, {
        variant: row.variant,
        now: world.clock.now(),
      });
      const { image, ...words } = rendered ?? { image: undefined };
      return [words, image?.altText, image && Buffer.from(image.png).toString('base64')];
    });
    sent.push({ to: place, card: row.card_kind, shown });
  }
  return sent.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
