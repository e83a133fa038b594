import type { StewardConfig } from './steward-schema.js';

/** Connection string of the demo's warehouse, which the embedded server sets itself. */
export const embeddedWarehouseSecret = 'STEWARD_WAREHOUSE_URL';

type Address = Pick<StewardConfig['warehouses'][number], 'url' | 'embedded'>;

/** Name of the secret with a warehouse's connection string; undefined where there is none: no entry, or one that is reached by an address in plain words. */
export function connectionSecret(entry: Partial<Address> | undefined): string | undefined {
  if (typeof entry?.url === 'object') return entry.url.env;
  return entry?.embedded ? embeddedWarehouseSecret : undefined;
}
