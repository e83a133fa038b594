import { z } from 'zod';
import type { Contract } from '../catalog/asset.js';
import type { FieldChange, SchemaChange } from '../catalog/versions.js';

/** A contract as a version's change keeps it: the value as JSON. */
const KeptContract = z.object({
  enforced: z.boolean(),
  columns: z.array(z.object({ name: z.string(), dataType: z.string().optional() })),
});
type KeptContract = z.infer<typeof KeptContract>;

/** Whether the columns were promised before a change: a promise that is taken back in the same change was broken all the same. */
export function wasPromised(changes: readonly FieldChange[], now: Contract | undefined): boolean {
  const change = changes.find(({ field }) => field === 'contract');
  return (change === undefined ? now : kept(change.before))?.enforced ?? false;
}

/** What became of a contract, beyond the columns that are told already: `the contract promises note (text)`. */
export function contractWords(
  { before, after }: Pick<FieldChange, 'before' | 'after'>,
  told: readonly SchemaChange[],
): string[] {
  const [old, now] = [kept(before), kept(after)];
  if (old?.enforced !== true)
    return now?.enforced === true ? ['its columns are under a contract from now on'] : [];
  if (now?.enforced !== true) return ['its columns are under no contract any more'];
  const toldOf = new Set(
    told.filter(({ change }) => change !== 'described').map(({ column }) => column.toLowerCase()),
  );
  const [was, is] = [typesOf(old), typesOf(now)];
  const names = [...new Set([...was.keys(), ...is.keys()])].filter((name) => !toldOf.has(name));
  return names.flatMap((name) => {
    const [oldType, newType] = [was.get(name), is.get(name)];
    if (oldType === newType) return [];
    if (newType === undefined) return [`the contract promises ${name} no longer`];
    return [`the contract promises ${name}${newType === '' ? '' : ` (${newType})`}`];
  });
}

function typesOf({ columns }: KeptContract): Map<string, string> {
  return new Map(columns.map(({ name, dataType }) => [name.toLowerCase(), dataType ?? '']));
}

function kept(value: string | null): KeptContract | undefined {
  if (value === null) return undefined;
  try {
    return KeptContract.safeParse(JSON.parse(value)).data;
  } catch {
    return undefined;
  }
}
