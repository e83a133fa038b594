import type {
  ActionHandler,
  EventHandler,
  OptionsHandler,
  ShortcutHandler,
  ViewHandler,
} from '../src/slack/surface.js';

/** Every other way in. One line each. */
export const actionHandlers: readonly ActionHandler[] = [];
export const viewHandlers: readonly ViewHandler[] = [];
export const optionsHandlers: readonly OptionsHandler[] = [];
export const shortcutHandlers: readonly ShortcutHandler[] = [];
export const eventHandlers: readonly EventHandler[] = [];
