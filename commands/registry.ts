import type { CommandModule } from '../src/slack/surface.js';
import { steward } from './steward.js';

/** Every slash command. One line each. */
export const commands: readonly CommandModule[] = [steward];
