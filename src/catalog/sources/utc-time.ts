/** A time as systems write it, as an ISO time in UTC; undefined for what is none. Without a zone it is UTC: the sender's is known to nobody. */
export function utcTime(written: string): string | undefined {
  const zoned = /(?:Z|[+-]\d{2}:?\d{2})$/i.test(written) ? written : `${written}Z`;
  const read = [new Date(zoned), new Date(written)].find((at) => !Number.isNaN(at.getTime()));
  return read?.toISOString();
}
