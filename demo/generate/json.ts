/** What JSON can hold. The artifacts are built as plain objects and checked against their published schemas in a test. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** Drops nothing and adds nothing: a shallow copy without the keys that are `undefined`. */
export function defined(entries: Record<string, Json | undefined>): JsonObject {
  const result: JsonObject = {};
  for (const [key, value] of Object.entries(entries)) if (value !== undefined) result[key] = value;
  return result;
}
