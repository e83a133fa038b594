import type { Asset } from '../catalog/asset.js';
import { utcWords } from '../utc-words.js';
import { ownerSentence, title } from './compose.js';
import type { AnswerContext } from './context.js';
import { freshnessInWords } from './measured.js';
import { inForce } from './notices.js';
import { plain, sentence } from './words.js';

/** Whether it is there, when it usually comes, and what holds it up. */
export function freshnessText(asset: Asset, context: AnswerContext): string {
  const state = freshnessInWords(asset, context);
  const usual = usualLoadTime(asset, context);
  const around = [asset, ...context.view.upstream(asset.id).map((one) => one.asset)];
  return [
    `${title(asset)}: ${state === undefined ? 'nothing in the catalog says how fresh it is.' : `${state}.`}`,
    ...(usual === undefined ? [] : [`New data usually lands around ${usual} UTC.`]),
    ...heldUpBy(around, context),
    ownerSentence(asset, context),
  ].join(' ');
}

/** Open incidents and running backfills, a sentence each with the time that is promised. Private ones give none. */
export function heldUpBy(assets: readonly Asset[], context: AnswerContext): string[] {
  const notices = assets
    .flatMap((one) => context.noticesOf(one.id))
    .filter((notice) => !notice.private && inForce(notice, context.now));
  return [...new Map(notices.map((notice) => [notice.reference, notice])).values()]
    .slice(0, 3)
    .map((notice) => {
      const promised = notice.eta === null ? 'No time is promised yet.' : `Expected ${utcWords(notice.eta)}.`;
      return `${notice.reference}: ${sentence(plain(notice.summary, 200))} ${promised}`;
    });
}

/** Median time of day of the loads that are known, `HH:MM` in UTC, for the asset or the nearest thing upstream that has some. */
export function usualLoadTime(asset: Asset, context: AnswerContext): string | undefined {
  for (const one of [asset, ...context.view.upstream(asset.id).map((reached) => reached.asset)]) {
    const minutes = context.view
      .signals(one.id)
      .filter((signal) => signal.type === 'freshness' && signal.loadedAt !== undefined)
      .map((signal) => new Date(signal.loadedAt ?? ''))
      .filter((date) => !Number.isNaN(date.getTime()))
      .map((date) => date.getUTCHours() * 60 + date.getUTCMinutes())
      .sort((a, b) => a - b);
    if (minutes.length < 3) continue;
    const median = minutes[Math.floor(minutes.length / 2)] ?? 0;
    return `${String(Math.floor(median / 60)).padStart(2, '0')}:${String(median % 60).padStart(2, '0')}`;
  }
  return undefined;
}
