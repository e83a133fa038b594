import { gatherRegistrations } from '../../src/app.js';
import { StewardError } from '../../src/errors.js';
import { renderHome } from '../../src/slack/home.js';
import type { Caller } from '../../src/slack/surface.js';
import type { TestServices } from '../helpers/services.js';

/** None of them may know of what is hidden. */
export const people = ['olga', 'sam', 'nina', 'adam'] as const;
export type Name = (typeof people)[number] | 'hugo';

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
