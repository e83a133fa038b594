import type { Partition } from '../catalog/asset.js';
import type { CatalogView } from '../catalog/view.js';
import { type MaySee, type PipelineAsset, pipelineCalled } from './pipelines.js';
import { WindowUnreadableError } from './window/errors.js';
import { parseWindow } from './window/parse.js';

/** `orders_daily last 3 days` as pipeline and window, as far as they are understood: only to fill in the form. */
export function splitRequest(view: CatalogView, text: string, maySee: MaySee): Record<string, string> {
  const all = text
    .trim()
    .replace(/[?.!]+$/, '')
    .split(/\s+/)
    .filter((word) => word !== '');
  const words = all.filter(tells);
  // All of them first: a pipeline may be called "nightly backfill".
  const named = nameAndWindow(view, all, maySee) ?? nameAndWindow(view, words, maySee);
  if (named !== undefined) return named;
  const window = words.join(' ');
  return window !== '' && readsAsWindow(window) ? { window } : {};
}

/** The longest name at the beginning, else at the end, with what is left as its window. */
function nameAndWindow(
  view: CatalogView,
  words: readonly string[],
  maySee: MaySee,
): Record<string, string> | undefined {
  for (let end = words.length; end > 0; end -= 1) {
    const asset = pipelineCalled(view, words.slice(0, end).join(' '), maySee);
    if (asset !== undefined) return filled(asset, words.slice(end));
  }
  for (let start = words.length - 1; start >= 0; start -= 1) {
    const asset = pipelineCalled(view, words.slice(start).join(' '), maySee);
    if (asset !== undefined) return filled(asset, words.slice(0, start));
  }
  return undefined;
}

function filled(asset: PipelineAsset, others: readonly string[]): Record<string, string> {
  const window = others.filter(tells).join(' ');
  return window === '' ? { pipeline: asset.id } : { pipeline: asset.id, window };
}

/** Whether a word says which pipeline or when. */
function tells(word: string): boolean {
  return !/^(?:the|of|for|please|pipeline|model|backfill)$/i.test(word);
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
