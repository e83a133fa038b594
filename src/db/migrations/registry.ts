import type { Kysely } from 'kysely';
import * as foundation from './0001-foundation.js';

export interface MigrationModule {
  up: (db: Kysely<unknown>) => Promise<void>;
}

/** Forward only, in this order. The number is the database's level. */
export const migrations: readonly { level: number; name: string; migration: MigrationModule }[] = [
  { level: 1, name: '0001-foundation', migration: foundation },
];

/** The level this code was written for. */
export const currentLevel = migrations.at(-1)?.level ?? 0;
