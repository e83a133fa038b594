import { DateTime } from 'luxon';
import { parseDurationMs } from '../../config/schema-values.js';
import { InvalidInputError } from '../../errors.js';
import type { Person } from '../../people/person.js';
import type { Services } from '../../services.js';

/** `<@U1|sam>`, `@sam`, an e-mail address or `me`, to a person. */
export async function readPerson(services: Services, text: string, me: Person): Promise<Person | null> {
  const word = text.trim().replace(/^<mailto:([^|>]+)(?:\|[^>]*)?>$/, '$1');
  if (word === '' || /^me$/i.test(word)) return me;
  const slackId = /^<@([UW][A-Z0-9]+)(?:\|[^>]*)?>$/.exec(word)?.[1];
  if (slackId !== undefined) return services.directory.bySlackId(services.db, slackId);
  if (word.includes('@') && !word.startsWith('@'))
    return services.directory.byEmail(services.db, word.toLowerCase());
  const found = await services.directory.resolveOwner(services.db, { name: word.replace(/^@/, '') });
  return found.length === 1 ? (found[0] ?? null) : null;
}

/** `orders for 2h because the loader is replaced`. */
export function readMute(words: string, now: Date): { subject: string; until: Date; reason: string } {
  const match = /^(.+?)\s+for\s+(\d+(?:\.\d+)?\s*[smhdw])\b\s*(?:(?:because|:|-)\s*)?([\s\S]*)$/i.exec(
    words.trim(),
  );
  if (match?.[1] === undefined || match[2] === undefined)
    throw new InvalidInputError(
      'Write it so: `mute orders for 2h because the loader is being replaced`. Nothing was muted.',
    );
  return {
    subject: match[1].trim().replaceAll(/^["']|["']$/g, ''),
    until: new Date(now.getTime() + parseDurationMs(match[2])),
    reason: (match[3] ?? '').trim(),
  };
}

/** `2026-03-02 06:00`, an ISO time, or `3h ago`; without a zone it is read in `zone`, the person's own. */
export function readMoment(text: string, now: Date, zone = 'UTC'): Date | null {
  const ago = /^(\d+(?:\.\d+)?\s*[smhdw])\s+ago$/i.exec(text.trim())?.[1];
  if (ago !== undefined) return new Date(now.getTime() - parseDurationMs(ago));
  const iso = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::\d\d)?)?\s*(Z|UTC|[+-]\d\d:\d\d)?$/i.exec(text.trim());
  if (iso?.[1] === undefined) return null;
  const given = (iso[3] ?? '').toUpperCase();
  const at = DateTime.fromISO(`${iso[1]}T${iso[2] ?? '00:00'}:00${given === 'UTC' ? 'Z' : given}`, { zone });
  return at.isValid ? at.toJSDate() : null;
}

const dueWords =
  /\b(?:due|by)\s+(?:on\s+)?(\d{4}-\d\d-\d\d|today|tomorrow|(?:mon|tues|wednes|thurs|fri|satur|sun)day|in\s+\d{1,3}\s+(?:day|week)s?)\b/i;
const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

/** Takes `by friday`, `due tomorrow`, `by in 3 days` or `due 2026-03-06` out of the words; days are those of `zone`, a weekday is the next one. */
export function takeDue(words: string, now: Date, zone = 'UTC'): { rest: string; due: Date | null } {
  const found = dueWords.exec(words);
  const said = found?.[1]?.toLowerCase();
  if (found === null || said === undefined) return { rest: words, due: null };
  const today = DateTime.fromJSDate(now, { zone });
  const [, count, unit] = /^in\s+(\d+)\s+(day|week)/.exec(said) ?? [];
  const weekday = weekdays.indexOf(said) + 1;
  const day = /^\d/.test(said)
    ? DateTime.fromISO(said)
    : count !== undefined
      ? today.plus({ [unit === 'week' ? 'weeks' : 'days']: Number(count) })
      : today.plus({ days: said === 'today' ? 0 : weekday > 0 ? (weekday - today.weekday + 7) % 7 || 7 : 1 });
  if (!day.isValid) return { rest: words, due: null };
  return { rest: words.replace(found[0], ''), due: new Date(`${day.toISODate()}T12:00:00Z`) };
}
