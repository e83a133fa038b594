import { z } from 'zod';

/** A secret is never written into the file: only the name of the environment variable that holds it. */
export const secretRef = z.strictObject({ env: z.string().regex(/^[A-Z][A-Z0-9_]*$/) });
export type SecretRef = z.infer<typeof secretRef>;

/** `30m`, `2h`, `3d`, `1w`; parsed to milliseconds. */
export const duration = z
  .string()
  .regex(/^\d+(\.\d+)?\s*(s|m|h|d|w)$/, 'write a duration such as 30m, 2h, 3d or 1w')
  .transform((text) => parseDurationMs(text));

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** Milliseconds of a duration such as `36h`. Throws on anything else. */
export function parseDurationMs(text: string): number {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(s|m|h|d|w)\s*$/.exec(text);
  if (!match?.[1] || !match[2]) throw new RangeError(`not a duration: ${text}`);
  return Math.round(Number(match[1]) * unitMs[match[2] as keyof typeof unitMs]);
}

/** One thing or a list of them, which must not be empty; parsed to a list. */
export const oneOrMore = <Item extends z.ZodType>(item: Item) =>
  z
    .union([item, z.array(item).min(1)])
    .transform((value): z.output<Item>[] => (Array.isArray(value) ? value : [value]));

/** How steward.yml names a team. */
export const teamId = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9_-]*$/,
    'write it with lower-case letters, digits, - and _, a letter or digit first',
  );
