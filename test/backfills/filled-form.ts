import type { Caller, ViewState } from '../../src/slack/surface.js';
import type { World } from './world.js';

/** Somebody of the world, as a command or a press says who it was. */
export async function callerOf(world: World, name: string): Promise<Caller> {
  const person = await world.person(name);
  return {
    person,
    actor: { personId: person.id, kind: 'person', channel: 'slack' },
    surface: 'command',
    channel: null,
    threadTs: null,
    messageTs: null,
    now: world.services.clock.now(),
    deliveryKey: 'd',
  };
}

export const typed = (value: string) => ({ value: { type: 'plain_text_input', value } });

/** The form for a backfill of `orders_daily`, filled; `more` are the blocks that a test is about. */
export function filledForm(world: World, window: string, more: ViewState = {}): ViewState {
  const pipeline = world.services.catalog.current().view.byName('orders_daily')[0]?.id ?? '';
  return {
    pipeline: { 'backfill-pipeline': { type: 'external_select', selected_option: { value: pipeline } } },
    window: { 'backfill:window': { type: 'plain_text_input', value: window } },
    concurrency: typed('2'),
    'stop-after': typed('3'),
    reason: typed('Late orders'),
    incident: typed(''),
    ...more,
  };
}
