import { backfillEffects } from '../../src/effects/backfill-effects.js';
import type { EffectServices } from '../../src/effects/effect.js';
import type { TestServices } from '../helpers/services.js';

export interface DrainOptions {
  /** Also look again for results that come hours later. */
  later?: boolean;
  /** Stop before this many pieces of work. */
  maxSteps?: number;
  /** Do not move the clock past what is due now. */
  dueOnly?: boolean;
  /** Asked after each piece of work: stop here? */
  until?: () => Promise<boolean>;
}

/** Works off everything backfills have asked for, one by one, moving the clock to the next timer. */
export async function drain(services: TestServices, options: DrainOptions = {}): Promise<number> {
  const effects = new Map(backfillEffects.map((effect) => [effect.kind, effect]));
  const beyond = {
    ...services,
    approvals: services.approvals,
    slack: undefined as never,
    fetch: globalThis.fetch,
  } as EffectServices;
  let steps = 0;
  while (steps < (options.maxSteps ?? 2_000)) {
    const row = await services.db
      .selectFrom('outbox')
      .select(['id', 'kind', 'key', 'payload', 'run_at', 'attempts'])
      .where('kind', 'like', 'backfill.%')
      .where('state', '=', 'pending')
      .$if(options.later !== true, (query) => query.where('kind', '<>', 'backfill.verify-later'))
      .orderBy('run_at')
      .orderBy('id')
      .limit(1)
      .executeTakeFirst();
    if (row === undefined) return steps;
    if (row.run_at > services.clock.now()) {
      if (options.dueOnly === true) return steps;
      services.clock.set(row.run_at);
    }
    const now = services.clock.now();
    const effect = effects.get(row.kind);
    if (effect === undefined) throw new Error(`no effect for ${row.kind}`);
    await services.db
      .updateTable('outbox')
      .set({ state: 'queued', queued_at: now })
      .where('id', '=', row.id)
      .execute();
    const result = await effect.run(beyond, row.payload, {
      key: row.key,
      attempt: row.attempts + 1,
      now,
      signal: new AbortController().signal,
    });
    const finish = services.db.updateTable('outbox').where('id', '=', row.id).where('state', '=', 'queued');
    if ('again' in result) await finish.set({ state: 'pending', run_at: result.again }).execute();
    else if ('waitUntil' in result)
      await finish.set({ state: 'pending', run_at: result.waitUntil }).execute();
    else await finish.set({ state: 'done', finished_at: now }).execute();
    steps += 1;
    if (options.until !== undefined && (await options.until())) return steps;
  }
  return steps;
}
