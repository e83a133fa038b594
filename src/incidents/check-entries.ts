import type { z } from 'zod';
import { issueInWords } from '../config/issue-words.js';
import type { StewardConfig } from '../config/steward-schema.js';
import { StartRefusedError } from '../errors.js';
import { pagerEntries } from './pagers/registry.js';
import { trackers } from './trackers/registry.js';

const trackerEntries: Readonly<Record<string, z.ZodType>> = Object.fromEntries(
  trackers.map(({ type, entry }) => [type, entry]),
);

/** Refuses the start when a pager or a tracker is of no known type, lacks or misspells one of its keys, or is there twice. */
export function checkOutsideEntries(config: Pick<StewardConfig, 'incidents'>): void {
  checkFamily('pagers', config.incidents.pagers, pagerEntries);
  checkFamily('trackers', config.incidents.trackers, trackerEntries);
}

function checkFamily(
  family: 'pagers' | 'trackers',
  entries: readonly { type: string; name: string }[],
  known: Readonly<Record<string, z.ZodType>>,
): void {
  const names = new Set<string>();
  for (const [index, entry] of entries.entries()) {
    const where = `steward.yml: incidents.${family}.${index}`;
    const schema = Object.hasOwn(known, entry.type) ? known[entry.type] : undefined;
    if (schema === undefined)
      throw new StartRefusedError(
        `${where}.type: there is no "${entry.type}"; known: ${Object.keys(known).join(', ')}.`,
      );
    if (names.has(entry.name)) throw new StartRefusedError(`${where}.name: ${entry.name} is there twice.`);
    names.add(entry.name);
    const issue = schema.safeParse(entry).error?.issues[0];
    if (issue !== undefined)
      throw new StartRefusedError(`${[where, ...issue.path].join('.')}: ${issueInWords(issue)}.`);
  }
}
