import type { CommandModule } from '../src/slack/surface.js';

/** Every slash command. One line each. */
export const commands: readonly CommandModule[] = [];
