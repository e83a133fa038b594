import type { Asset, OwnerRef } from '../catalog/asset.js';
import { ownerName, type PersonName } from '../catalog/owner-names.js';

/** How people call an asset: its label, else its name. */
export function nameOf(asset: Asset): string {
  return asset.label ?? asset.name;
}

const htmlTag =
  /<\/?(?:a|abbr|b|big|blockquote|body|br|caption|center|cite|code|col|colgroup|dd|del|details|div|dl|dt|em|embed|figcaption|figure|font|footer|form|h[1-6]|head|header|hr|html|i|iframe|img|input|ins|kbd|label|li|link|main|mark|meta|nav|object|ol|option|p|pre|q|s|samp|script|section|select|small|span|strike|strong|style|sub|summary|sup|svg|table|tbody|td|textarea|tfoot|th|thead|title|tr|tt|u|ul|var|video)(?:\s[^<>]{0,300})?\/?>/gi;
/** What HTML writes for signs that need no care. An angle bracket stays as it was written: it could begin something. */
const entities: Record<string, string> = { '&amp;': '&', '&quot;': '"', '&apos;': "'", '&#39;': "'" };
/** What Slack would make a mention or a date of: `<!channel>`, `<!date^…|…>`, `<@U…>`, `<#C…|name>`. */
const slackToken = /<(?:!([a-z]+)[^<>|]*|([@#])([A-Z0-9]+)[^<>|]*)(?:\|([^<>]*))?>/g;
const slackLink = /<(?:https?|mailto):[^<>]*>/g;

/** A mention as words that call nobody: they stood in the text, so a reader may know of them. */
function tokenInWords(
  _token: string,
  word: string | undefined,
  sign: string | undefined,
  id: string | undefined,
  shown: string | undefined,
): string {
  if (word === 'channel' || word === 'here' || word === 'everyone') return `@${word}`;
  const words = shown?.trim() ?? '';
  if (word !== undefined) return words;
  return words === '' ? `${sign}${id}` : `${sign}${words.replace(/^[@#]/, '')}`;
}

/** One line of prose without control characters, markup of HTML or Slack, or more than `limit` characters. `<` and `>` that compare stay. */
export function plain(text: string, limit = 600): string {
  const prose = text.replace(slackToken, tokenInWords).replace(slackLink, ' ').replace(htmlTag, ' ');
  return codeLine(
    prose.replace(/&(?:amp|quot|apos|nbsp|#39);/g, (entity) => entities[entity] ?? ' '),
    limit,
  );
}

/** One line of a formula, a filter or a query, as it stands: nothing in `status <> 'cancelled'` or `a < 5 and b > 3` is markup. */
export function codeLine(text: string, limit = 600): string {
  const flat = text
    .replace(/[\p{Cc}\p{Cf}]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  if (flat.length <= limit) return flat;
  const cut = flat.slice(0, limit);
  const end = Math.max(cut.lastIndexOf('. '), cut.lastIndexOf('; '));
  if (end > limit * 0.5) return cut[end] === '.' ? cut.slice(0, end + 1) : `${cut.slice(0, end)} …`;
  return `${cut.slice(0, cut.lastIndexOf(' ') > 0 ? cut.lastIndexOf(' ') : limit)} …`;
}

/** A sentence ends with a full stop. */
export function sentence(text: string): string {
  const flat = text.trim();
  if (flat === '') return '';
  return /[.!?…]$/.test(flat) ? flat : `${flat}.`;
}

/** "3 hours ago". A time that lies ahead of our clock is "just now". */
export function agoInWords(iso: string, now: Date): string {
  const ms = now.getTime() - new Date(iso).getTime();
  if (Number.isNaN(ms)) return 'at an unknown time';
  if (ms < 60_000) return 'just now';
  const minutes = Math.round(ms / 60_000);
  const words =
    minutes < 2
      ? 'a minute'
      : minutes < 90
        ? `${minutes} minutes`
        : minutes < 48 * 60
          ? `${Math.round(minutes / 60)} hours`
          : `${Math.round(minutes / 1440)} days`;
  return `${words} ago`;
}

/** "1 row", "3 failing rows". */
export function rowsInWords(count: number, which = ''): string {
  return `${count} ${which}${count === 1 ? 'row' : 'rows'}`;
}

/** "a, b and c", at most `limit` of them. */
export function listInWords(items: readonly string[], limit = 8): string {
  const shown = items.slice(0, limit);
  const rest = items.length - shown.length;
  if (rest > 0) return `${shown.join(', ')} and ${rest} more`;
  if (shown.length <= 1) return shown.join('');
  return `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}

/** An owner in words; e-mail addresses only where nothing else is known. */
export function ownerInWords(owner: OwnerRef, personName: PersonName): string {
  return ownerName(owner, personName) ?? 'somebody unnamed';
}

/** What an asset of a kind is called. */
export const kindWord: Record<Asset['kind'], string> = {
  metric: 'metric',
  model: 'table',
  source: 'source',
  column: 'column',
  exposure: 'dashboard',
  term: 'term',
  pipeline: 'pipeline',
};
