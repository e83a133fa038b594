import { WarehouseRefusedError } from './provisioner.js';

/** Longest identifier PostgreSQL keeps; a longer one is cut silently there, and two long names could collide. */
export const identifierBytesMax = 63;

/**
 * Parts of `database.schema.table`, each bare or in double quotes (`"odd ""name"""`). A bare part is taken as it is written:
 * catalogs write names as the warehouse stores them.
 */
export function splitRelation(relation: string): string[] {
  const parts: string[] = [];
  let part = '';
  let quoted = false;
  let wasQuoted = false;
  for (let index = 0; index < relation.length; index += 1) {
    const letter = relation.charAt(index);
    if (quoted && letter === '"' && relation.charAt(index + 1) === '"') {
      part += '"';
      index += 1;
    } else if (letter === '"' && (quoted || part === '')) {
      quoted = !quoted;
      wasQuoted = true;
    } else if (letter === '.' && !quoted) {
      parts.push(part);
      part = '';
      wasQuoted = false;
    } else {
      part += letter;
    }
  }
  if (quoted)
    throw new WarehouseRefusedError(
      `"${relation}" is not a name: a quote is not closed. Nothing was changed.`,
    );
  if (part !== '' || wasQuoted) parts.push(part);
  if (parts.length === 0 || parts.some((item) => item === '')) {
    throw new WarehouseRefusedError(`"${relation}" is not the name of a dataset. Nothing was changed.`);
  }
  return parts;
}

/** Refuses what PostgreSQL would cut or could not hold. */
export function requireIdentifier(name: string): string {
  if (Buffer.byteLength(name, 'utf8') > identifierBytesMax) {
    throw new WarehouseRefusedError(
      `The name "${name}" is longer than ${identifierBytesMax} bytes, and the warehouse would cut it to another name. Nothing was changed.`,
    );
  }
  if (name === '' || name.includes('\0')) {
    throw new WarehouseRefusedError('A name is empty or holds a zero byte. Nothing was changed.');
  }
  return name;
}
