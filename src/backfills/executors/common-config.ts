import { z } from 'zod';
import { duration, type SecretRef } from '../../config/schema-values.js';
import { ExecutorRefusedError } from './executor.js';

/** Keys that every entry of `executors` in steward.yml may have. */
export const commonKeys = {
  name: z.string(),
  maxRunning: z.number().int().positive().default(4),
  maxPerPipeline: z.number().int().positive().default(2),
  stallAfter: duration.prefault('6h'),
  /** A run may show up this long after it was asked for. */
  appearsWithin: duration.prefault('2m'),
  timeout: duration.prefault('8s'),
  costPerHour: z.number().nonnegative().optional(),
};

export function readSecret(
  secret: (name: string) => string | undefined,
  ref: SecretRef,
  executor: string,
): string {
  const value = secret(ref.env);
  if (value !== undefined && value !== '') return value;
  throw new ExecutorRefusedError(
    `${executor} has no credentials: set ${ref.env}. Ask an administrator of Steward.`,
  );
}
