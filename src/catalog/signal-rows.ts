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
