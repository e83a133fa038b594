import { isHidden } from '../catalog/visibility.js';
import type { PlannedWork } from '../config/incidents-schema.js';
import { tellOperations } from '../notices/tell-operations.js';
import type { Services } from '../services.js';
import { plannedAsset, plannedAssets, plannedKey, plannedWorkCard } from './planned-work.js';

/** Planned work of steward.yml that silences nothing: no asset has its name, or several have. */
export interface UnplacedWork {
  /** Place in `incidents.plannedWork`. */
  index: number;
  entry: PlannedWork;
  several: boolean;
  /** Whether what it may mean is hidden from some: then its name is not for everybody. */
  hidden: boolean;
}

/** What of `incidents.plannedWork` silences nothing and is not over yet. Nothing is said while the catalog is not whole. */
export function unplacedWork(services: Services, now: Date): UnplacedWork[] {
  const { view } = services.catalog.current();
  if (view.sources.length === 0 || view.sources.some(({ error }) => error)) return [];
  return services.config.incidents.plannedWork.flatMap((entry, index) => {
    if (new Date(entry.to) <= now || plannedAsset(services, entry.asset) !== undefined) return [];
    const found = plannedAssets(services, entry.asset);
    return [
      {
        index,
        entry,
        several: found.length > 1,
        hidden: found.some((asset) => isHidden(services.config, asset)),
      },
    ];
  });
}

/** What is wrong with it, and with what in its stead it would work. */
export function unplacedWords({ entry, several }: Pick<UnplacedWork, 'entry' | 'several'>): string {
  return several
    ? `several assets are called ${entry.asset}; write the identifier of one`
    : `nothing in the catalog is called ${entry.asset}`;
}

/** The same where others read it: what is hidden from some has no name there. */
export function unplacedWordsForAll(one: UnplacedWork): string {
  return one.hidden ? 'several assets have the name that it gives' : unplacedWords(one);
}

/** Tells whoever keeps Steward running of each such window, once; the message says so when it silences after all. */
export async function tellOfUnplacedWork(services: Services, now: Date): Promise<void> {
  for (const { entry } of unplacedWork(services, now)) {
    const id = plannedKey(entry.asset, entry);
    const card = { kind: plannedWorkCard, id };
    await services.db
      .transaction()
      .execute((trx) => tellOperations(services, trx, { topic: 'planned-work', key: id, card, now }));
  }
}
