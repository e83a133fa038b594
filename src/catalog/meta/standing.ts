import type { AssetDraft } from '../asset.js';
import { firstValue, type MetaLayer } from './layers.js';
import { asBoolean, asIsoDate, asText, asTexts, isPlainObject } from './values.js';

type Standing = Pick<AssetDraft, 'certified' | 'status'> &
  Partial<Pick<AssetDraft, 'successor' | 'deprecatedOn'>>;

const certifiedWords = /^(?:certified|verified|approved|trusted|endorsed|gold|production ready)$/i;
const draftWords =
  /^(?:draft|candidate|experimental|proposed|wip|in[ _]?review|in[ _]?dev(?:elopment)?|beta|alpha)$/i;
const deprecatedWords = /^(?:deprecated|retired|obsolete|sunset|legacy|archived)$/i;

/** Whether an asset is certified, a draft or on its way out, and what takes its place. */
export function standingOf(layers: readonly MetaLayer[], tags: readonly string[], now: Date): Standing {
  const quality = asText(
    firstValue(layers, ['quality_tier', 'quality', 'certification', 'certification_status', 'trust']),
  );
  const state = asText(firstValue(layers, ['status', 'state', 'lifecycle', 'stage', 'maturity']));
  const said = [quality, state, ...tags].filter((word) => word !== undefined);
  const deprecation = firstValue(layers, ['deprecated', 'deprecation']);
  const details = isPlainObject(deprecation) ? deprecation : {};
  const deprecatedOn =
    asIsoDate(
      firstValue(layers, [
        'deprecation_date',
        'deprecated_on',
        'deprecated_at',
        'sunset_date',
        'end_of_life',
      ]),
    ) ?? asIsoDate(details.date ?? details.on ?? details.last_day);
  const successor =
    asTexts(
      firstValue(layers, ['successor', 'replaced_by', 'replacement', 'superseded_by', 'use_instead']),
    )[0] ?? asTexts(details.successor ?? details.replaced_by ?? details.use_instead)[0];
  const deprecated =
    asBoolean(deprecation) ??
    (isPlainObject(deprecation) ||
      said.some((word) => deprecatedWords.test(word)) ||
      isPast(deprecatedOn, now));
  const certified =
    asBoolean(firstValue(layers, ['certified', 'verified', 'trusted', 'endorsed', 'is_certified'])) ??
    said.some((word) => certifiedWords.test(word));
  return {
    certified: certified && !deprecated,
    status: deprecated ? 'deprecated' : said.some((word) => draftWords.test(word)) ? 'draft' : 'active',
    ...(successor === undefined ? {} : { successor }),
    ...(deprecatedOn === undefined ? {} : { deprecatedOn }),
  };
}

/** A last day that has passed makes it deprecated; one ahead of us is an announcement. */
function isPast(date: string | undefined, now: Date): boolean {
  return date !== undefined && date <= now.toISOString().slice(0, 10);
}
