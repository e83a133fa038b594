import { playError } from '../protocol/replies/world.js';
import { type Call, repliesByCall } from '../protocol/replies.js';

/**
 * A reply of the control API, held against what is published of its call: a field that is not published, or one that is missing, throws.
 * `path` may carry a query.
 */
export function checkedReply(method: 'GET' | 'POST', path: string, status: number, body: unknown): unknown {
  const call = `${method} ${path.split('?')[0]}`;
  const schema = status >= 400 || !isCall(call) ? playError : repliesByCall[call];
  const read = schema.safeParse(body);
  if (!read.success)
    throw new Error(
      `${call} answered what docs/contract does not say: ${read.error.message}\n${JSON.stringify(body)}`,
    );
  return body;
}

function isCall(call: string): call is Call {
  return call in repliesByCall;
}
