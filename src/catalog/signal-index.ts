import type { Signal } from './asset.js';

interface SignalIndex {
  of: (assetId: string) => readonly Signal[];
  latest: (assetId: string) => Signal[];
}

/** Signals by asset, newest first. */
export function makeSignalIndex(signals: readonly Signal[]): SignalIndex {
  const byAsset = new Map<string, Signal[]>();
  for (const signal of signals) {
    const list = byAsset.get(signal.assetId);
    if (list === undefined) byAsset.set(signal.assetId, [signal]);
    else list.push(signal);
  }
  for (const list of byAsset.values()) {
    list.sort((a, b) => Date.parse(b.observedAt) - Date.parse(a.observedAt));
  }
  const of = (assetId: string): readonly Signal[] => byAsset.get(assetId) ?? [];
  return {
    of,
    latest: (assetId) => {
      const checks = new Map<string, Signal>();
      for (const signal of of(assetId)) {
        const check = JSON.stringify([signal.type, signal.name, signal.columnName]);
        if (!checks.has(check)) checks.set(check, signal);
      }
      return [...checks.values()];
    },
  };
}
