import type { Intent } from './intent.js';

/** One way of asking, and what it asks for. */
export interface IntentPattern {
  intent: Intent;
  /** Groups: `s` the subject, `o` the other subject, `t` the time. */
  pattern: RegExp;
  command?: 'access' | 'backfill' | 'incident';
}

/** `source` is a regular expression, whatever the case of its letters. */
export const i = (intent: Intent, source: string, command?: IntentPattern['command']): IntentPattern => ({
  intent,
  pattern: new RegExp(source, 'iu'),
  ...(command === undefined ? {} : { command }),
});

/** The thing asked about. */
export const s = '(?<s>.+?)';
export const end = '\\s*[?.!]*$';
/** What a catalog holds, in the plural or not. */
export const things =
  '(?:metrics?|kpis?|models?|tables?|datasets?|sources?|dashboards?|reports?|exposures?|terms?|pipelines?|assets?|kennzahl(?:en)?|metrik(?:en)?|begriffe?|tabellen?|modelle?|quellen?|berichte?|dashboards?)';
