import { useCallback } from 'react';
import { useHost } from '../host.js';
import type { ConfirmationDialog, ElementValue, ShownElement } from '../types.js';
import { initialValue } from '../values.js';
import type { ElementContext } from './element-props.js';

interface ElementHandle {
  actionId: string;
  value: ElementValue | undefined;
  /** Keeps a value without telling the app. */
  keep: (value: ElementValue) => void;
  /** Asks the element's own confirmation, keeps the value and tells the app where the block dispatches. */
  commit: (value: ElementValue) => Promise<void>;
  /** For buttons: there is nothing to keep. */
  press: (value?: ElementValue, shownIn?: { confirm?: ConfirmationDialog }) => Promise<void>;
}

/** State and callbacks of one element. */
export function useElement(element: ShownElement, context: ElementContext): ElementHandle {
  const host = useHost();
  const { blockId, dispatches } = context;
  const actionId = element.action_id ?? '';
  const dialog = 'confirm' in element ? element.confirm : undefined;
  // Null is a value too: what began filled in and was emptied stays empty.
  const held = host.valueOf(blockId, actionId);
  const value = held === undefined ? initialValue(element) : held;

  const keep = useCallback(
    (next: ElementValue) => host.setValue(blockId, actionId, next),
    [host, blockId, actionId],
  );

  const commit = useCallback(
    async (next: ElementValue) => {
      if (!dispatches) return keep(next);
      const before = value ?? null;
      host.setValue(blockId, actionId, next);
      if (dialog !== undefined && !(await host.confirm(dialog)))
        return host.setValue(blockId, actionId, before);
      await host.act({ blockId, actionId, value: next });
    },
    [host, blockId, actionId, dispatches, dialog, value, keep],
  );

  const press = useCallback(
    async (next?: ElementValue) => {
      if (dialog !== undefined && !(await host.confirm(dialog))) return;
      await host.act({ blockId, actionId, ...(next === undefined ? {} : { value: next }) });
    },
    [host, blockId, actionId, dialog],
  );

  return { actionId, value, keep, commit, press };
}
