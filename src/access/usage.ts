import { usesOfLogin } from '../catalog/usage-signal.js';
import type { Services } from '../services.js';

/** When this login last used the dataset, where a catalog source reports usage per login; null when nobody knows. */
export function lastUsedAt(services: Pick<Services, 'catalog'>, assetId: string, login: string): Date | null {
  const signals = services.catalog.current().view.signals(assetId);
  const used = signals.find(({ type, name }) => type === 'usage' && name === usesOfLogin(login));
  return used ? new Date(used.observedAt) : null;
}
