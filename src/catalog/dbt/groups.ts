import { asOwners, asText, isPlainObject, type PlainObject } from '../meta/values.js';
import type { GroupSpec } from './specs.js';

/** Reads a dbt group. Its owner may have an e-mail (or a list of them) and no name: the group's own name then stands for the team. */
export function parseGroup(raw: PlainObject, packageName: string, file?: string): GroupSpec | undefined {
  const name = asText(raw.name);
  if (name === undefined) return undefined;
  const owner = isPlainObject(raw.owner) ? asOwners(raw.owner) : asOwners(raw.owner ?? []);
  const [first, ...rest] = owner;
  return {
    name,
    packageName,
    owners: [{ team: name, ...first }, ...rest],
    ...(file === undefined ? {} : { file }),
  };
}
