import { z } from 'zod';
import { duration, oneOrMore } from './schema-values.js';

/** What a template's words may name; each is put in when the form is opened. */
export const updatePlaceholders = ['assets', 'affected', 'title', 'cause', 'since', 'severity'] as const;
export type UpdatePlaceholder = (typeof updatePlaceholders)[number];

const placeholder = /\{([^{}]*)\}/g;

const words = (most: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(most)
    .superRefine((text, context) => {
      for (const [whole, name] of text.matchAll(placeholder))
        if (!updatePlaceholders.some((known) => known === name))
          context.addIssue({
            code: 'custom',
            message: `${whole} is nothing that can be put in; there is ${updatePlaceholders.map((known) => `{${known}}`).join(', ')}`,
          });
    });

/** Puts what is known in place of `{assets}` and the others. */
export function fillTemplate(text: string, known: Readonly<Record<UpdatePlaceholder, string>>): string {
  return text.replaceAll(placeholder, (whole, name: string) => {
    const found = updatePlaceholders.find((one) => one === name);
    return found === undefined ? whole : known[found];
  });
}

const wantedWords = oneOrMore(z.string().trim().min(1));

/** What the form of an incident's first update is filled with. Lengths are those of the form's fields. */
export const updateTemplate = z.strictObject({
  /** Ids of severities; left out: any. */
  severity: wantedWords.optional(),
  /** Kinds of its alerts, or words that its cause holds; left out: any. */
  cause: wantedWords.optional(),
  wrong: words(2_900).optional(),
  doNotUse: words(2_900).optional(),
  useInstead: words(500).optional(),
  /** How long such a thing takes, from now on. */
  eta: duration.optional(),
  /** Left out: the severity's `updateEvery`. */
  nextUpdate: duration.optional(),
});
export type UpdateTemplate = z.infer<typeof updateTemplate>;
