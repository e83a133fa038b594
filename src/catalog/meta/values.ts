import type { OwnerRef } from '../asset.js';

/**
 * Reading what people wrote by hand under `meta`: a value may be a word, a list, a comma-separated line or an object. Each function
 * takes anything and answers with a clean value, or with nothing; none of them throws.
 */

export type PlainObject = Record<string, unknown>;

export function isPlainObject(value: unknown): value is PlainObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** One trimmed text, or undefined when there is none. Numbers and dates are written out. */
export function asText(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString();
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  return text === '' ? undefined : text;
}

const namingKeys = ['name', 'value', 'text', 'term', 'synonym', 'question', 'description', 'label'];

/** The texts of a list, of a list of objects that name things, or of one line. A line is split at commas only when `split`. */
export function asTexts(value: unknown, options: { split?: boolean } = {}): string[] {
  if (Array.isArray(value)) return unique(value.flatMap((item) => asTexts(item)));
  if (isPlainObject(value)) {
    const key = namingKeys.find((candidate) => asText(value[candidate]) !== undefined);
    return key === undefined ? [] : asTexts(value[key]);
  }
  const text = asText(value);
  if (text === undefined) return [];
  if (options.split !== true) return [text];
  return unique(
    text
      .split(/[,;\n]/)
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  );
}

export function unique<Value>(values: readonly Value[]): Value[] {
  return [...new Set(values)];
}

export function asBoolean(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (value === 1 || value === 0) return value === 1;
  const text = asText(value)?.toLowerCase();
  if (text === 'true' || text === 'yes' || text === 'y') return true;
  if (text === 'false' || text === 'no' || text === 'n') return false;
  return undefined;
}

/** Owners in any of the ways people write them: a name, `@name`, an e-mail, a list, `{name, email, team}`. */
export function asOwners(value: unknown): OwnerRef[] {
  if (Array.isArray(value)) return value.flatMap(asOwners);
  if (isPlainObject(value)) return ownerOfObject(value);
  return asTexts(value, { split: true }).map((text) => (isEmail(text) ? { email: text } : { name: text }));
}

function ownerOfObject(value: PlainObject): OwnerRef[] {
  const emails = asTexts(value.email ?? value.emails ?? value.mail, { split: true });
  const name = asText(value.name ?? value.full_name ?? value.owner ?? value.user ?? value.id);
  const team = asText(value.team ?? value.group);
  const rest = { ...(name === undefined ? {} : { name }), ...(team === undefined ? {} : { team }) };
  const [first, ...others] = emails;
  if (first === undefined) return name === undefined && team === undefined ? [] : [rest];
  // Several addresses under one name are several ways to reach the owner, each kept.
  return [{ ...rest, email: first }, ...others.map((email) => ({ email }))];
}

export function isEmail(text: string): boolean {
  return /^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/.test(text);
}

const tierWords = new Map([
  ['gold', 1],
  ['platinum', 1],
  ['critical', 1],
  ['mission critical', 1],
  ['high', 1],
  ['silver', 2],
  ['medium', 2],
  ['important', 2],
  ['bronze', 3],
  ['low', 3],
]);

/** A tier as a number, 1 the most important: `1`, `tier_1`, `Tier 2`, `P0`, `gold`. */
export function asTier(value: unknown): number | undefined {
  if (typeof value === 'number')
    return Number.isInteger(value) && value >= 0 && value <= 9 ? Math.max(value, 1) : undefined;
  const text = asText(value)?.toLowerCase().replace(/[_-]+/g, ' ');
  if (text === undefined) return undefined;
  const number = /^(?:tier|t|p|priority|level)?\s*(\d)$/.exec(text)?.[1];
  return number === undefined ? tierWords.get(text) : Math.max(Number(number), 1);
}

const minutesPer = {
  minute: 1,
  min: 1,
  m: 1,
  hour: 60,
  hr: 60,
  h: 60,
  day: 1440,
  d: 1440,
  week: 10_080,
  w: 10_080,
} as const;

/** A duration in minutes: `{count: 12, period: hour}`, `24h`, `2 days`, or a bare number of hours. */
export function asMinutes(value: unknown): number | undefined {
  if (isPlainObject(value)) {
    const count = Number(value.count);
    const unit = periodOf(asText(value.period) ?? '');
    return value.count === null || value.count === undefined || !Number.isFinite(count) || unit === undefined
      ? undefined
      : count * unit;
  }
  const text = asText(value)?.toLowerCase();
  const match = text === undefined ? null : /^(\d+(?:\.\d+)?)\s*([a-z]*)$/.exec(text);
  if (match === null) return undefined;
  const unit = match[2] === '' ? 60 : periodOf(match[2] ?? '');
  return unit === undefined ? undefined : Number(match[1]) * unit;
}

function periodOf(word: string): number | undefined {
  const singular = word.toLowerCase().replace(/s$/, '');
  return Object.entries(minutesPer).find(([name]) => name === singular)?.[1];
}

/** `2026-12-31`, from a date, a timestamp or a text that starts with one. */
export function asIsoDate(value: unknown): string | undefined {
  const text = asText(value);
  return text === undefined ? undefined : /^\d{4}-\d{2}-\d{2}/.exec(text)?.[0];
}
