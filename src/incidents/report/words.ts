import { utcWords } from '../../utc-words.js';

/** `3 h 20 min`, from seconds. */
export function durationWords(seconds: number | null): string {
  if (seconds === null) return 'not known';
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (hours < 48) return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** A key time: `2026-03-02 06:10 UTC`, with the date on every line, for incidents that last over midnight. */
export function keyTimeWords(iso: string | null): string {
  return iso === null ? 'not known' : utcWords(new Date(iso));
}

/** The first so many names, and how many there are besides: whoever is not named must see that the list goes on. */
export function listOf(names: readonly string[], most: number): string {
  const rest = names.length - most;
  return `${names.slice(0, most).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
