import type { CatalogView } from '../../catalog/view.js';
import { bodyOf } from './generate/bodies.js';
import { type Busy, playCause } from './generate/causes.js';
import { makeRandom } from './generate/random.js';

/** One recorded delivery with the answer: which cause it really came from. Not every field is part of a recording. */
export interface GeneratedDelivery {
  source: string;
  endpoint: string;
  received_at: string;
  body: unknown;
  /** Name of the true cause. */
  cause: string;
}

export interface GenerateParams {
  seed: number;
  /** Number of deliveries. */
  count: number;
  view: CatalogView;
  /** Time of the first cause. */
  start?: Date;
  /** Mean time between two causes, in minutes. */
  causeEveryMinutes?: number;
}

/**
 * Days of alerts from made-up causes: late sources, failed models, schema changes, silent upstreams, flapping tests and jobs outside the
 * catalog, several at a time, in the words of a dozen tools, delivered late, twice and out of order. The same seed gives the same days.
 */
export function generateAlerts(params: GenerateParams): GeneratedDelivery[] {
  const random = makeRandom(params.seed);
  const spacing = (params.causeEveryMinutes ?? 180) * 60_000;
  let at = (params.start ?? new Date('2026-03-02T00:00:00Z')).getTime();
  const deliveries: GeneratedDelivery[] = [];
  const busy: Busy = new Map();
  for (let serial = 0; deliveries.length < params.count; serial += 1) {
    for (const occurrence of playCause(random, params.view, at, serial, busy)) {
      const delivery: GeneratedDelivery = {
        source: occurrence.check.source,
        endpoint: 'main',
        received_at: new Date(occurrence.at.getTime() + random.between(1, 240) * 1_000).toISOString(),
        // Times that a tool stamps on receipt would leak the delivery order: each body carries its own.
        body: bodyOf(occurrence),
        cause: `cause-${serial}`,
      };
      deliveries.push(delivery);
      if (random.chance(0.03)) deliveries.push(delivery);
    }
    at += -Math.log(1 - random.next()) * spacing;
  }
  return random.shuffle(deliveries.slice(0, params.count));
}
