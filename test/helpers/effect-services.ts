import type { WebClient } from '@slack/web-api';
import type { EffectServices } from '../../src/effects/effect.js';
import type { TestServices } from './services.js';

/** What an effect is run with in a test that does not start the whole of Steward: warehouses and executors are out of reach. */
export function effectServicesOf(services: TestServices, params: { slack?: WebClient } = {}): EffectServices {
  const {
    db,
    clock,
    log,
    config,
    authority,
    directory,
    catalog,
    secret,
    questions,
    model,
    suspension,
    tickets,
  } = services;
  const outOfReach = (what: string): never => {
    throw new Error(`this test reaches no ${what}`);
  };
  return {
    db,
    clock,
    log,
    config,
    authority,
    directory,
    catalog,
    secret,
    questions,
    model,
    suspension,
    tickets,
    get approvals() {
      return services.approvals;
    },
    get executors(): EffectServices['executors'] {
      return outOfReach('executor');
    },
    get warehouses(): EffectServices['warehouses'] {
      return outOfReach('warehouse');
    },
    get slack(): EffectServices['slack'] {
      return params.slack ?? outOfReach('Slack');
    },
    fetch: globalThis.fetch,
  };
}
