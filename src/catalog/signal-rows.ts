import type { Signal } from './asset.js';

/** A row of `signal`. */
export interface SignalRow {
  asset_id: string;
  type: Signal['type'];
  name: string;
  column_name: string | null;
  status: Signal['status'];
  observed_at: Date;
  loaded_at: Date | null;
  value: number | null;
  unit: string | null;
  message: string | null;
}

export function toSignal(row: SignalRow): Signal {
  return {
    assetId: row.asset_id,
    type: row.type,
    name: row.name,
    status: row.status,
    observedAt: row.observed_at.toISOString(),
    ...(row.loaded_at === null ? {} : { loadedAt: row.loaded_at.toISOString() }),
    ...(row.value === null ? {} : { value: row.value }),
    ...(row.unit === null ? {} : { unit: row.unit }),
    ...(row.message === null ? {} : { message: row.message }),
    ...(row.column_name === null ? {} : { columnName: row.column_name }),
  };
}

/** Signals by the asset they are about, in the order given. */
export function byAsset(signals: readonly Signal[]): Map<string, Signal[]> {
  const found = new Map<string, Signal[]>();
  for (const signal of signals) {
    const list = found.get(signal.assetId);
    if (list === undefined) found.set(signal.assetId, [signal]);
    else list.push(signal);
  }
  return found;
}
