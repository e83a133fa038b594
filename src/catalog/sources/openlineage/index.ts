import path from 'node:path';
import { z } from 'zod';
import type { SourceSnapshot } from '../../asset.js';
import { type SourceConnector, SourceError } from '../../connector.js';
import { isPlainObject } from '../../meta/values.js';
import { readSourceFiles, type SourceFile } from '../source-files.js';
import { eventsSnapshot } from './events-snapshot.js';
import { Event } from './schema.js';

const Config = z.strictObject({
  /** A file of events (JSON, a JSON list, or one event a line), or a folder of them, as the file transport writes. */
  path: z.string().min(1),
});
type Config = z.infer<typeof Config>;

/** OpenLineage events: who reads what, when it was last written, and which checks failed. */
export const openlineage = {
  type: 'openlineage',
  config: Config,
  fromPath: (given) => ({ path: given }),
  read: async (config, context): Promise<SourceSnapshot> => {
    const wanted = {
      pattern: /\.(?:json|jsonl|ndjson|log)$/i,
      what: 'file of OpenLineage events (.json, .jsonl, .ndjson, .log)',
    };
    const files = await readSourceFiles(path.resolve(context.baseDir, config.path), wanted, context.signal);
    const warnings: string[] = [];
    const events = files.flatMap((file) => eventsOf(file, warnings));
    if (events.length === 0)
      throw new SourceError(`${config.path} holds no OpenLineage event. ${warnings.join(' ')}`.trim());
    return { ...eventsSnapshot(events), warnings };
  },
} satisfies SourceConnector<Config>;

/** One event, a list, or an event a line; what is none is counted. */
function eventsOf(file: SourceFile, warnings: string[]): Event[] {
  const values =
    wholeOf(file.text) ??
    file.text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map(parsed);
  const events: Event[] = [];
  let strange = 0;
  for (const value of values) {
    const event = Event.safeParse(value);
    // The other files of a folder are no events; a time that is none (a test's template) makes an event useless.
    if (event.success && !Number.isNaN(Date.parse(event.data.eventTime)) && isPlainObject(value))
      events.push(event.data);
    else strange += 1;
  }
  if (strange > 0)
    warnings.push(
      `${file.path} holds ${strange} thing(s) that are no OpenLineage event; they were left out.`,
    );
  return events;
}

function wholeOf(text: string): unknown[] | undefined {
  const whole = parsed(text);
  if (whole === undefined) return undefined;
  return Array.isArray(whole) ? whole : [whole];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
