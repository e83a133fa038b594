import { z } from 'zod';

/** What `steward doctor --json` writes, under `checks`. */
export const DoctorCheck = z.object({
  name: z.string(),
  level: z.enum(['ok', 'warning', 'error']),
  /** One line. */
  text: z.string(),
  /** One line: what to do. */
  remedy: z.string().optional(),
});
export type DoctorCheck = z.infer<typeof DoctorCheck>;

export type Say = (name: string, level: DoctorCheck['level'], text: string, remedy?: string) => void;

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
