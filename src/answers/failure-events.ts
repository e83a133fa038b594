import type { Asset, Signal } from '../catalog/asset.js';
import type { ChangeEvent } from './answer-types.js';
import { nameOf, rowsInWords } from './words.js';

/** Failures of one asset as events, each when it began, with the address at which it can be looked at. What says nothing that explains a number is left out. */
export function failureEvents(
  asset: Asset,
  distance: number,
  onsets: readonly Signal[],
  url: string | undefined,
): ChangeEvent[] {
  return onsets.flatMap((signal) => {
    const found = told(nameOf(asset), signal);
    if (found === undefined) return [];
    const at = new Date(signal.observedAt).toISOString();
    return [
      {
        ...found,
        at,
        assetId: asset.id,
        distance,
        check: signal.name,
        ...(url === undefined ? {} : { url }),
      },
    ];
  });
}

const messageLimit = 160;

function told(name: string, signal: Signal): Pick<ChangeEvent, 'kind' | 'text'> | undefined {
  const message = signal.message === undefined ? '' : `: ${signal.message.slice(0, messageLimit)}`;
  switch (signal.type) {
    case 'freshness': {
      const newest =
        signal.loadedAt === undefined
          ? ''
          : `: its newest data was from ${signal.loadedAt.slice(0, 16).replace('T', ' ')} UTC`;
      return {
        kind: 'late',
        text: `${name} was ${signal.status === 'warn' ? 'getting late' : 'late'}${newest}.`,
      };
    }
    case 'run':
      return { kind: 'failed-run', text: `The run of ${name} failed${message}.` };
    case 'test':
    case 'tie-out': {
      const rows = signal.value ? ` with ${rowsInWords(signal.value)}` : '';
      return { kind: 'failed-test', text: `Test ${signal.name} on ${name} failed${rows}.` };
    }
    case 'volume':
      return { kind: 'volume', text: `The volume of ${name} was unusual${message}.` };
    case 'usage':
      return undefined;
  }
}
