import { WarehouseRefusedError, WarehouseUnavailableError } from '../provisioner.js';

const refused: Readonly<Record<string, { words: string; missing: 'relation' | 'login' | 'right' | null }>> = {
  '42501': { words: "Steward's own role may not do this in the warehouse", missing: 'right' },
  '42P01': { words: 'the dataset is not there any more', missing: 'relation' },
  '3F000': { words: 'the schema is not there any more', missing: 'relation' },
  '42703': { words: 'a column is not there any more', missing: 'relation' },
  '42704': { words: 'the login is not there', missing: 'login' },
  '0LP01': { words: 'the warehouse does not allow this grant', missing: null },
};

/**
 * Turns PostgreSQL's error into ours, by SQLSTATE (appendix A of its manual): what will never work, and what is worth
 * another try. Anything unknown counts as the latter, so that a revoke is never given up by mistake. `tried` is what was wanted of it.
 */
export function asWarehouseError(error: unknown, tried: 'changed' | 'asked'): Error {
  if (error instanceof WarehouseRefusedError || error instanceof WarehouseUnavailableError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const known = refused[code];
  if (known) {
    return new WarehouseRefusedError(
      `${known.words.charAt(0).toUpperCase()}${known.words.slice(1)}.`,
      known.missing,
      error,
    );
  }
  const words = error instanceof Error ? error.message.split('\n')[0] : 'no answer';
  return new WarehouseUnavailableError(
    `The warehouse could not be ${tried} just now (${words || code || 'no answer'}).`,
    { cause: error },
  );
}
