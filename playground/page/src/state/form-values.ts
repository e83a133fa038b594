import { useCallback, useMemo, useState } from 'react';
import type { ElementValue } from '../blocks/types.js';

/** Typed values by block and action. */
export type FormValues = Readonly<Record<string, Readonly<Record<string, ElementValue>>>>;

export interface FormStore {
  values: FormValues;
  set: (blockId: string, actionId: string, value: ElementValue) => void;
  /** As of this moment, also inside a callback made before the last `set` was drawn. */
  current: () => FormValues;
}

/**
 * What was typed into a surface's elements. With a key it outlives a reload: views come from the server, but a half-filled
 * field is known to this browser alone.
 */
export function useFormValues(storageKey?: string): FormStore {
  const [store] = useState(() => ({ values: storageKey === undefined ? {} : readStored(storageKey) }));
  const [values, setValues] = useState<FormValues>(store.values);
  const set = useCallback(
    (blockId: string, actionId: string, value: ElementValue) => {
      store.values = { ...store.values, [blockId]: { ...store.values[blockId], [actionId]: value } };
      setValues(store.values);
      if (storageKey !== undefined) sessionStorage.setItem(storageKey, JSON.stringify(store.values));
    },
    [store, storageKey],
  );
  const current = useCallback(() => store.values, [store]);
  return useMemo(() => ({ values, set, current }), [values, set, current]);
}

function readStored(key: string): FormValues {
  try {
    const stored: unknown = JSON.parse(sessionStorage.getItem(key) ?? '{}');
    return typeof stored === 'object' && stored !== null ? (stored as FormValues) : {};
  } catch {
    return {};
  }
}

/** Only of elements that the blocks still hold: an update may have taken some away. */
export function valuesInBlocks(
  values: FormValues,
  blocks: readonly { [key: string]: unknown }[],
): Record<string, Record<string, ElementValue>> {
  const present = new Set<string>();
  collect(blocks, undefined, present);
  const kept: Record<string, Record<string, ElementValue>> = {};
  for (const [blockId, actions] of Object.entries(values)) {
    for (const [actionId, value] of Object.entries(actions)) {
      if (present.has(`${blockId}\n${actionId}`)) kept[blockId] = { ...kept[blockId], [actionId]: value };
    }
  }
  return kept;
}

function collect(node: unknown, blockId: string | undefined, present: Set<string>): void {
  if (Array.isArray(node)) {
    for (const item of node) collect(item, blockId, present);
    return;
  }
  if (typeof node !== 'object' || node === null) return;
  const own = 'block_id' in node && typeof node.block_id === 'string' ? node.block_id : blockId;
  if ('action_id' in node && typeof node.action_id === 'string' && own !== undefined)
    present.add(`${own}\n${node.action_id}`);
  for (const [key, value] of Object.entries(node)) {
    if (['element', 'elements', 'accessory', 'child_blocks', 'actions'].includes(key))
      collect(value, own, present);
  }
}
