import { z } from 'zod';
import type { JsonObject } from '../protocol.js';

/** Arguments come as JSON or as a form whose nested values are JSON text; these readers take both. */

function parsed(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
export const bool = z.preprocess(
  (value) => (value === '1' ? true : value === '0' ? false : parsed(value)),
  z.boolean({ error: 'must be a boolean' }),
);
export const int = z.preprocess(
  (value) => (typeof value === 'string' && value.trim() !== '' ? Number(value) : value),
  z.int({ error: 'must be an integer' }),
);
export const text = z.string();
export const objects = z.preprocess(
  parsed,
  z.array(z.record(z.string(), z.unknown()), { error: 'must be an array of objects' }),
);
export const object = z.preprocess(parsed, z.record(z.string(), z.unknown(), { error: 'must be an object' }));
/** Comma-separated, or a JSON array. */
export const list = z.preprocess(
  (value) =>
    typeof value === 'string' && !value.startsWith('[')
      ? value.split(',').filter((part) => part !== '')
      : parsed(value),
  z.array(z.string(), { error: 'must be a comma-separated list' }),
);
export const timestamp = z.string().regex(/^\d{10}\.\d{6}$/, 'must be a message ts');
/** History bounds are laxer than message ids. */
export const time = z.preprocess(
  (value) => (typeof value === 'number' ? String(value) : value),
  z.string().regex(/^\d+(\.\d+)?$/),
);
export const metadata = z.preprocess(parsed, z.unknown());

export type Json = JsonObject;
