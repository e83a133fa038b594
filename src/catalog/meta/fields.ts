import { z } from 'zod';
import { asText, asTexts, isPlainObject } from './values.js';

/**
 * Building blocks for reading other systems' files. Versions differ in what is null, missing, a string or an object, so a field that cannot be read is
 * absent and never fails the node it stands in.
 */

export const text = z
  .unknown()
  .optional()
  .transform((value) => asText(value));
export const texts = z
  .unknown()
  .optional()
  .transform((value) => asTexts(value, { split: true }));
export const object = z
  .unknown()
  .optional()
  .transform((value) => (isPlainObject(value) ? value : {}));
export const flag = z
  .unknown()
  .optional()
  .transform((value) => value === true || value === 'true');

/** A list, of which only the items that can be read are kept. */
export function listOf<Schema extends z.ZodType>(schema: Schema) {
  return z
    .unknown()
    .optional()
    .transform((value) => {
      if (!Array.isArray(value)) return [];
      return value.flatMap((item) => {
        const parsed = schema.safeParse(item);
        return parsed.success ? [parsed.data] : [];
      });
    });
}

/** Something that may be missing or unreadable. */
export function optional<Schema extends z.ZodType>(schema: Schema) {
  return z
    .unknown()
    .optional()
    .transform((value) => {
      const parsed = schema.safeParse(value);
      return value === undefined || value === null || !parsed.success ? undefined : parsed.data;
    });
}
