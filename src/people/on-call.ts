import type { PersonConfig } from '../config/steward-schema.js';

interface Rotation {
  people: string[];
  start: string;
  /** Length of a turn in milliseconds. */
  every: number;
}

/** Whether this person is away on that day, by steward.yml. */
export function isAway(people: readonly PersonConfig[], email: string, at: Date): boolean {
  const away = people.find((person) => person.email === email)?.away;
  if (!away) return false;
  const day = at.toISOString().slice(0, 10);
  return away.from <= day && day <= away.to;
}

/** E-mail of whoever's turn it is; someone away is skipped for the next in the rotation. Empty before its start. */
export function onCallAt(rotation: Rotation, people: readonly PersonConfig[], at: Date): string[] {
  const turn = Math.floor((at.getTime() - Date.parse(rotation.start)) / rotation.every);
  if (turn < 0) return [];
  for (let step = 0; step < rotation.people.length; step += 1) {
    const email = rotation.people[(turn + step) % rotation.people.length];
    if (email && !isAway(people, email.toLowerCase(), at)) return [email.toLowerCase()];
  }
  return [];
}
