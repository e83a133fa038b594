import { z } from 'zod';

const coded = z.looseObject({ code: z.string() });
/** Of Node's sockets, and of PostgreSQL while it starts, stops or loses a connection (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
const codes = /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|08|57P0)/;
const messages = /connection terminated|timeout exceeded when trying to connect|connection (was )?closed/i;

/** Whether it was the way to the database that failed, and not what was asked of it. */
export function isUnreachable(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isUnreachable);
  const { data } = coded.safeParse(error);
  if (data && codes.test(data.code)) return true;
  return error instanceof Error && messages.test(error.message);
}
