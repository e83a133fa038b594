import type { PlayClock, PlayTimers } from './clock.js';
import type { Delivery } from './delivery/delivery.js';
import type { ResponseUrls } from './delivery/response-url.js';
import type { Triggers } from './delivery/triggers.js';
import type { Faults } from './faults.js';
import type { BehindLog, LiveBus } from './live.js';
import type { PlayManifest } from './manifest.js';
import type { MessageStore } from './messages.js';
import type { PlayHooks, PlayLog } from './options.js';
import type { PlayState } from './state/state.js';

/** The one installed app. */
export interface PlayApp {
  id: string;
  name: string;
  bot_user_id: string;
  bot_id: string;
  botToken: string;
  appToken: string;
}

/** Everything one running playground consists of; handed to each part that needs it. */
export interface World {
  state: PlayState;
  messages: MessageStore;
  clock: PlayClock;
  timers: PlayTimers;
  live: LiveBus;
  behind: BehindLog;
  faults: Faults;
  triggers: Triggers;
  responseUrls: ResponseUrls;
  delivery: Delivery;
  manifest: PlayManifest;
  scopes: ReadonlySet<string>;
  team: { id: string; name: string; domain: string };
  app: PlayApp;
  hooks: PlayHooks;
  log: PlayLog;
  /** `http://127.0.0.1:4001`, known once the server listens. */
  origin(): string;
}

/** Seconds since the epoch on the playground's clock. */
export function nowSeconds(world: Pick<World, 'clock'>): number {
  return Math.floor(world.clock.now().getTime() / 1000);
}
