import type { CommandModule } from '../src/slack/surface.js';
import { access } from './access.js';
import { backfill } from './backfill.js';
import { incident } from './incident.js';
import { metric } from './metric.js';
import { steward } from './steward.js';

/** Every slash command. One line each. */
export const commands: readonly CommandModule[] = [access, metric, steward, backfill, incident];
