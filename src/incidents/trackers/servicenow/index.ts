import { z } from 'zod';
import { secretRef } from '../../../config/schema-values.js';
import { type OutsideContext, OutsideError, requireOk } from '../../pagers/pager.js';
import type { RemoteTicket, TicketState, Tracker } from '../tracker.js';

const entrySchema = z.strictObject({
  type: z.literal('servicenow'),
  name: z.string(),
  url: z.string(),
  user: z.string(),
  password: secretRef,
  assignmentGroup: z.string().optional(),
  callerId: z.string().optional(),
});
type Entry = z.infer<typeof entrySchema>;

const record = z.object({ sys_id: z.string(), number: z.string().nullish(), state: z.string().nullish() });
const one = z.object({ result: record });
const many = z.object({ result: z.array(record) });

/** States of the out-of-the-box incident table. */
const stateCodes: Record<TicketState, string> = { open: '1', in_progress: '2', done: '6' };

/** ServiceNow Table API on `incident`. No schema is published: written and tested against the documented examples. */
export const serviceNow: Tracker = {
  type: 'servicenow',
  entry: entrySchema,
  async find(context, rawEntry, { ourId }) {
    const entry = entrySchema.parse(rawEntry);
    const query = new URLSearchParams({
      sysparm_query: `correlation_id=${ourId.replaceAll('^', '')}`,
      sysparm_limit: '1',
      sysparm_fields: 'sys_id,number,state',
    });
    const [first] = many.parse(
      await (await call(context, entry, `/api/now/table/incident?${query.toString()}`)).json(),
    ).result;
    return first === undefined ? null : remote(entry, first);
  },
  async create(context, rawEntry, ticket) {
    const entry = entrySchema.parse(rawEntry);
    const impact = String(ticket.priority);
    const body = {
      short_description: ticket.title.replaceAll(/\s+/g, ' ').slice(0, 160),
      description: ticket.description,
      impact,
      urgency: impact,
      correlation_id: ticket.ourId,
      correlation_display: 'Steward',
      ...(entry.assignmentGroup === undefined ? {} : { assignment_group: entry.assignmentGroup }),
      ...(entry.callerId === undefined ? {} : { caller_id: entry.callerId }),
    };
    return remote(
      entry,
      one.parse(await (await call(context, entry, '/api/now/table/incident', 'POST', body)).json()).result,
    );
  },
  async update(context, rawEntry, externalId, ticket) {
    const entry = entrySchema.parse(rawEntry);
    const done =
      ticket.state === 'done'
        ? { close_code: 'Resolved by caller', close_notes: ticket.description.slice(0, 1_000) || 'Resolved' }
        : {};
    await call(context, entry, `/api/now/table/incident/${encodeURIComponent(externalId)}`, 'PATCH', {
      state: stateCodes[ticket.state],
      work_notes: ticket.description.slice(0, 2_000),
      ...done,
    });
  },
  async read(context, rawEntry, externalId) {
    const entry = entrySchema.parse(rawEntry);
    const response = await call(
      context,
      entry,
      `/api/now/table/incident/${encodeURIComponent(externalId)}?sysparm_fields=sys_id,number,state`,
      'GET',
      undefined,
      [404],
    );
    return response.status === 404 ? null : remote(entry, one.parse(await response.json()).result);
  },
};

async function call(
  context: OutsideContext,
  entry: Entry,
  path: string,
  method = 'GET',
  body?: unknown,
  alsoFine: readonly number[] = [],
): Promise<Response> {
  const password = context.secret(entry.password.env);
  if (!password) throw new OutsideError(`${entry.password.env} is not set`, { status: 0, final: true });
  const response = await context.fetch(`${entry.url.replace(/\/$/, '')}${path}`, {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(`${entry.user}:${password}`).toString('base64')}`,
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: context.signal,
  });
  return alsoFine.includes(response.status) ? response : requireOk(response, 'ServiceNow');
}

function remote(entry: Entry, row: z.infer<typeof record>): RemoteTicket {
  const state: TicketState | null =
    row.state === '6' || row.state === '7'
      ? 'done'
      : row.state === '2' || row.state === '3'
        ? 'in_progress'
        : row.state === '1'
          ? 'open'
          : null;
  return {
    externalId: row.sys_id,
    url: `${entry.url.replace(/\/$/, '')}/nav_to.do?uri=incident.do?sys_id=${row.sys_id}`,
    state,
  };
}
