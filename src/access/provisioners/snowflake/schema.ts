import { z } from 'zod';
import { secretRef } from '../../../config/schema-values.js';

/** A Snowflake account in steward.yml. */
export const snowflakeWarehouse = z.looseObject({
  name: z.string(),
  /** `https://<account>.snowflakecomputing.com`. */
  url: z.url({ protocol: /^https?$/ }),
  account: z.string(),
  user: z.string(),
  /** PEM of the private key, PKCS#8. */
  privateKey: secretRef,
  /** Role that may create roles and grant on the objects. */
  role: z.string(),
  warehouse: z.string().optional(),
  /** Start of the names of the roles that Steward makes, one per relation and level. */
  rolePrefix: z
    .string()
    .regex(/^[A-Z][A-Z0-9_]*$/)
    .default('STEWARD_'),
});
export type SnowflakeWarehouse = z.infer<typeof snowflakeWarehouse>;

/** ResultSet of the SQL API: column names and rows of texts. */
export const resultSet = z.object({
  statementHandle: z.string().optional(),
  resultSetMetaData: z.object({ rowType: z.array(z.object({ name: z.string() })) }).optional(),
  data: z.array(z.array(z.string().nullable())).default([]),
});
export const queryStatus = z.object({ statementHandle: z.string() });
export const queryFailure = z.object({
  message: z.string().optional(),
  sqlState: z.string().optional(),
  code: z.string().optional(),
});
