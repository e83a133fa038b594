/**
 * Whether two labels (tag, classification, domain) are the same. Case does not count: a rule about `PII` that passed over `pii`, or over a source
 * that writes it otherwise tomorrow, would leave open what it is there to close.
 */
export function sameLabel(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

export function hasLabel(labels: readonly string[], wanted: string | undefined): boolean {
  return wanted !== undefined && labels.some((label) => sameLabel(label, wanted));
}
