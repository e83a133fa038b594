/**
 * Seats are filled by different people: a matching between seats and people, so that "one person counts once over all
 * stages" can be promised before anybody is asked.
 */

/** Ids of people who may take the seat. */
export type Candidates = readonly string[];

/**
 * The largest number of seats that different people can take, with who takes which (augmenting paths; a request has a
 * handful of seats). `filled[i]` is null for a seat that stays empty.
 */
export function matchSeats(seats: readonly Candidates[]): { filled: (string | null)[]; complete: boolean } {
  const seatOf = new Map<string, number>();

  function place(seat: number, seen: Set<string>): boolean {
    for (const person of seats[seat] ?? []) {
      if (seen.has(person)) continue;
      seen.add(person);
      const current = seatOf.get(person);
      if (current === undefined || place(current, seen)) {
        seatOf.set(person, seat);
        return true;
      }
    }
    return false;
  }

  let placed = 0;
  for (let seat = 0; seat < seats.length; seat += 1) {
    if (place(seat, new Set())) placed += 1;
  }
  const filled: (string | null)[] = seats.map(() => null);
  for (const [person, seat] of seatOf) filled[seat] = person;
  return { filled, complete: placed === seats.length };
}
