import { z } from 'zod';
import { secretRef } from '../../../config/schema-values.js';

/** A PostgreSQL warehouse in steward.yml. */
export const postgresWarehouse = z.looseObject({
  name: z.string(),
  /** Connection string of a role that owns the objects or may grant on them. Never a superuser. */
  url: secretRef.optional(),
  /** The demo's warehouse on the embedded server. */
  embedded: z.boolean().default(false),
  /** What the catalog calls this database; a relation of another database is then refused. */
  database: z.string().optional(),
  statementTimeoutSeconds: z.number().positive().max(60).default(8),
});
export type PostgresWarehouse = z.infer<typeof postgresWarehouse>;
