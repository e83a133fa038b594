import { issueInWords } from '../config/issue-words.js';
import type { StewardConfig } from '../config/steward-schema.js';
import { StartRefusedError } from '../errors.js';
import { findProvisioner, provisionerTypes } from './provisioners/registry.js';

/** Refuses the start when an entry of `warehouses` is of no known type, lacks or misspells one of its keys, or is there twice. */
export function checkWarehouses(config: Pick<StewardConfig, 'warehouses'>): void {
  const names = new Set<string>();
  for (const [index, entry] of config.warehouses.entries()) {
    const where = `steward.yml: warehouses.${index}`;
    const kind = findProvisioner(entry.type);
    if (!kind)
      throw new StartRefusedError(
        `${where}.type: access cannot be given in "${entry.type}"; known: ${provisionerTypes.join(', ')}.`,
      );
    if (names.has(entry.name)) throw new StartRefusedError(`${where}.name: ${entry.name} is there twice.`);
    names.add(entry.name);
    const issue = kind.problemWith(entry);
    if (issue) throw new StartRefusedError(`${where}.${issue.path.join('.')}: ${issueInWords(issue)}.`);
  }
}
