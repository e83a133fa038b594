import type {
  ActionHandler,
  CommandModule,
  EventHandler,
  HomeSection,
  OptionsHandler,
  ShortcutHandler,
  ViewHandler,
} from './surface.js';

/** Everything that is registered on the edge; src/app.ts alone gathers it. */
export interface Registrations {
  commands: readonly CommandModule[];
  actions: readonly ActionHandler[];
  views: readonly ViewHandler[];
  options: readonly OptionsHandler[];
  shortcuts: readonly ShortcutHandler[];
  events: readonly EventHandler[];
  home: readonly HomeSection[];
}

/** The handler of an action id: exact first, then its family (`access:*`). */
export function findByActionId<Handler extends { actionId: string }>(
  handlers: readonly Handler[],
  actionId: string,
): Handler | undefined {
  return (
    handlers.find((handler) => handler.actionId === actionId) ??
    handlers.find(
      (handler) => handler.actionId.endsWith(':*') && actionId.startsWith(handler.actionId.slice(0, -1)),
    )
  );
}
