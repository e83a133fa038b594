/** In JSON text: an escape. NUL and halves of surrogate pairs are the only characters that `JSON.stringify` writes as those named first. */
const escapes = /\\(?:u(?:0000|d[89a-f][0-9a-f]{2})|.)/g;

/**
 * JSON of a value without the characters that PostgreSQL stores neither as text nor as jsonb: NUL, and halves of surrogate pairs, which is what
 * a sender leaves that cuts in the middle of an emoji. U+FFFD stands in their place. Throws `RangeError` for what is nested too deep to be written.
 */
export function storableJson(value: unknown): string {
  return withoutUnstorable(JSON.stringify(value));
}

function withoutUnstorable(text: string): string {
  return text.includes('\\u')
    ? text.replace(escapes, (found) => (found.length === 6 ? '\uFFFD' : found))
    : text;
}

/** The same value where it can be stored as it is, else a copy without those characters. */
export function storable<Value>(value: Value): Value {
  const text = JSON.stringify(value);
  if (text === undefined) return value;
  const cleaned = withoutUnstorable(text);
  return cleaned === text ? value : JSON.parse(cleaned);
}
