import type { SourceStanding, SyncOptions } from '../catalog/store-snapshot.js';
import { refreshCards } from '../jobs/outgoing.js';
import type { Services } from '../services.js';
import { tellOperations } from './tell-operations.js';

export const sourceCard = 'catalog-source';

/**
 * Tells whoever keeps Steward running that a catalog source could not be read twice in a row: once may be the network. One message a day
 * for each source, which says so when it can be read again.
 */
export function tellOfSource(
  services: Pick<Services, 'config' | 'directory'>,
  now: Date,
): NonNullable<SyncOptions['onStanding']> {
  return async (trx, { source, before, error }: SourceStanding) => {
    const card = { kind: sourceCard, id: source };
    if (error !== null && before !== null)
      await tellOperations(services, trx, {
        topic: 'source-broken',
        key: `source-broken:${source}:${now.toISOString().slice(0, 10)}`,
        card,
        now,
      });
    if (error !== before) await refreshCards(trx, card, now);
  };
}
