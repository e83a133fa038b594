import type { PlayHooks } from '../../options.js';
import { type QueuePlace, queueFaults, troubleQueue } from './queue.js';
import {
  failLogins,
  healLogins,
  loginFault,
  type WarehouseFault,
  type warehouseFaults,
} from './warehouse.js';

/** There is no such target, or it has no such trouble. */
export class UnknownFault extends Error {
  readonly code = 'unknown_fault';
}

export interface FaultContext {
  /** The warehouse's database, as its superuser. */
  warehouseUrl: string;
  queue: QueuePlace;
}

/** Faults of what the demo has besides Slack: its warehouse and its queue. Troubles of the queue are over as soon as they happened. */
export function makeFaultHooks({
  warehouseUrl,
  queue,
}: FaultContext): Required<Pick<PlayHooks, 'fault' | 'faults'>> {
  async function faults(): Promise<{ target: string; kind: string; left: number }[]> {
    const active = await loginFault(warehouseUrl);
    return active === null ? [] : [{ target: 'warehouse', ...active }];
  }

  async function fault({ target, kind, count }: { target: string; kind: string; count: number }) {
    if (target === 'warehouse') {
      if (kind === 'clear') await healLogins(warehouseUrl);
      else await failLogins(warehouseUrl, oneOf(kind, warehouseKinds, target), count);
    } else if (target === 'queue') {
      if (kind !== 'clear') await troubleQueue(queue, oneOf(kind, queueFaults, target));
    } else
      throw new UnknownFault(`There is no target "${target}"; there are: slack, delivery, warehouse, queue.`);
    return faults();
  }

  return { fault, faults };
}

const warehouseKinds: readonly WarehouseFault[] = [
  'refused',
  'slow',
] satisfies (keyof typeof warehouseFaults)[];

function oneOf<Kind extends string>(kind: string, kinds: readonly Kind[], target: string): Kind {
  const known = kinds.find((each) => each === kind);
  if (known === undefined)
    throw new UnknownFault(
      `"${target}" has no trouble "${kind}"; there are: ${kinds.join(', ')}, and clear.`,
    );
  return known;
}
