import { storable } from '../../db/storable.js';
import type { AssetDraft, SignalDraft, SourceSnapshot } from '../asset.js';

/**
 * What a connector read, made fit to be kept: every id once, every time a time, and no character that PostgreSQL cannot store (NUL and halves of
 * surrogate pairs, which texts copied from elsewhere may hold). What had to be left out is a warning.
 */
export function usableSnapshot(given: SourceSnapshot): SourceSnapshot {
  const snapshot = storable(given);
  const { assets, twice } = onceEach(snapshot.assets);
  const signals = snapshot.signals.flatMap((signal) => timed(signal) ?? []);
  const untimed = snapshot.signals.length - signals.length;
  return {
    ...snapshot,
    assets,
    signals,
    warnings: [
      ...snapshot.warnings,
      ...(twice.length === 0
        ? []
        : [`${twice.length} id(s) are there twice, such as ${twice[0]}; the first of each was taken.`]),
      ...(untimed === 0 ? [] : [`${untimed} result(s) have no time that can be read; they were left out.`]),
    ],
  };
}

function onceEach(assets: readonly AssetDraft[]): { assets: AssetDraft[]; twice: string[] } {
  const known = new Map<string, AssetDraft>();
  const twice = new Set<string>();
  for (const asset of assets) {
    if (known.has(asset.sourceId)) twice.add(asset.sourceId);
    else known.set(asset.sourceId, asset);
  }
  return { assets: [...known.values()], twice: [...twice] };
}

function timed(signal: SignalDraft): SignalDraft | undefined {
  if (Number.isNaN(Date.parse(signal.observedAt))) return undefined;
  if (signal.loadedAt === undefined || !Number.isNaN(Date.parse(signal.loadedAt))) return signal;
  const { loadedAt: _, ...rest } = signal;
  return rest;
}
