import type { Partition } from '../catalog/asset.js';
import type { CatalogView } from '../catalog/view.js';
import { isPipeline, type MaySee } from './pipelines.js';
import { WindowUnreadableError } from './window/errors.js';
import { parseWindow } from './window/parse.js';

/** `orders_daily last 3 days` as pipeline and window, as far as they are understood: only to fill in the form. */
export function splitRequest(view: CatalogView, text: string, maySee: MaySee): Record<string, string> {
  const words = text
    .trim()
    .replace(/[?.!]+$/, '')
    .split(/\s+/)
    .filter((word) => word !== '' && !/^(?:the|of|for|please|pipeline|model|backfill)$/i.test(word));
  if (words.length === 0) return {};
  for (let end = words.length; end > 0; end -= 1) {
    const name = words.slice(0, end).join(' ');
    const asset = view.resolve(name).find((one) => isPipeline(one) && maySee(one));
    if (asset === undefined) continue;
    const window = words.slice(end).join(' ');
    return window === '' ? { pipeline: asset.id } : { pipeline: asset.id, window };
  }
  for (let start = words.length - 1; start >= 0; start -= 1) {
    const name = words.slice(start).join(' ');
    const asset = view.resolve(name).find((one) => isPipeline(one) && maySee(one));
    if (asset !== undefined) return { pipeline: asset.id, window: words.slice(0, start).join(' ') };
  }
  const all = words.join(' ');
  return readsAsWindow(all) ? { window: all } : {};
}

const anyDay: Partition = { grain: 'day', column: 'day', timeZone: 'UTC' };

function readsAsWindow(text: string): boolean {
  try {
    // Any later moment will do: only whether the words can be read is asked here.
    parseWindow(text, anyDay, new Date('2100-01-01T00:00:00Z'));
    return true;
  } catch (error) {
    return !(error instanceof WindowUnreadableError);
  }
}
