const words: Readonly<Record<string, string>> = { timeDimension: 'time dimension', owners: 'owner' };

/** What people call a field of an asset. */
export function fieldInWords(field: string): string {
  return words[field] ?? field;
}
