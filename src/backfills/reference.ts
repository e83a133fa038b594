/** What people see. Inside it is a uuid; a number is never authority. */
export function referenceOf(backfill: { number: number }): string {
  return `BF-${backfill.number}`;
}

/** The number in `BF-12`, `bf 12`, `#12` or `12`; null for anything else. */
export function readReference(text: string): number | null {
  const digits = /^\s*(?:bf[-\s]?|#)?(\d{1,9})\s*$/i.exec(text)?.[1];
  return digits === undefined ? null : Number(digits);
}
