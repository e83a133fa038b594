import { setTimeout as sleep } from 'node:timers/promises';
import type { Incident } from '../../src/incidents/incident.js';
import type { TestSteward } from '../helpers/steward.js';

export interface Door {
  /** The newest incident; before there is one, nothing that any wait would take for it. */
  newest: () => Promise<Partial<Incident>>;
  /** Declares through the form, as Ana, and waits for the command to be worked. */
  declare: (title: string, severity?: string, values?: Record<string, unknown>) => Promise<Partial<Incident>>;
  /** A command of Ana's, or somebody else's, in #general. */
  command: (text: string, as?: string) => ReturnType<TestSteward['act']>;
  /** Work that gave up. */
  deadWork: () => Promise<{ kind: string; last_error: string | null }[]>;
}

/** Looks again and again until it is so; throws with what it saw last. */
export async function until<Value>(
  look: () => Promise<Value>,
  holds: (value: Value) => boolean,
  ms = 30_000,
): Promise<Value> {
  const deadline = performance.now() + ms;
  for (;;) {
    const value = await look();
    if (holds(value)) return value;
    if (performance.now() > deadline) throw new Error(`not so in ${ms} ms: ${JSON.stringify(value)}`);
    await sleep(100);
  }
}

/** Incidents of a running Steward, as people drive them from outside. */
export function doorOf(app: () => TestSteward): Door {
  const newest = async (): Promise<Partial<Incident>> =>
    (await app()
      .database.db.selectFrom('incident')
      .selectAll()
      .orderBy('number', 'desc')
      .limit(1)
      .executeTakeFirst()) ?? {};
  return {
    newest,
    command: (text, as = 'ana') => app().act({ as, do: 'command', channel: '#general', text }),
    async declare(title, severity = 'sev1', values = {}) {
      await app().act({ as: 'ana', do: 'command', channel: '#general', text: `/incident declare ${title}` });
      await until(
        () => app().act({ as: 'ana', do: 'submit', values: { severity, ...values } }),
        ({ ok }) => ok,
      );
      return until(newest, (incident) => incident.title === title);
    },
    deadWork: async () =>
      app()
        .database.db.selectFrom('outbox')
        .select(['kind', 'last_error'])
        .where('state', '=', 'dead')
        .execute(),
  };
}
