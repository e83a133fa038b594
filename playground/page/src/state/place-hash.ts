import type { Place } from './page-state.js';

/** Who and where, kept in the address: a reload, a bookmark and the Back key come out at the same place. */
export interface Address {
  as: string | undefined;
  place: Place | undefined;
}

export function readAddress(hash: string): Address {
  const params = new URLSearchParams(hash.replace(/^#/, ''));
  const channel = params.get('in');
  const place =
    channel === null
      ? undefined
      : {
          channel,
          tab: params.get('tab') === 'home' ? ('home' as const) : ('messages' as const),
          thread: params.get('thread') ?? undefined,
        };
  return { as: params.get('as') ?? undefined, place };
}

export function writeAddress({ as, place }: Address): string {
  const params = new URLSearchParams();
  if (as !== undefined) params.set('as', as);
  if (place !== undefined) {
    params.set('in', place.channel);
    if (place.tab === 'home') params.set('tab', 'home');
    if (place.thread !== undefined) params.set('thread', place.thread);
  }
  return `#${params.toString()}`;
}
