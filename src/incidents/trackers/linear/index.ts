import { z } from 'zod';
import { secretRef } from '../../../config/schema-values.js';
import { type OutsideContext, OutsideError, requireOk } from '../../pagers/pager.js';
import type { RemoteTicket, TicketState, Tracker } from '../tracker.js';

const entrySchema = z.strictObject({
  type: z.literal('linear'),
  name: z.string(),
  url: z.string().default('https://api.linear.app/graphql'),
  token: secretRef,
  teamId: z.string(),
});
type Entry = z.infer<typeof entrySchema>;

const issue = z.object({
  id: z.string(),
  identifier: z.string().nullish(),
  url: z.string().nullish(),
  state: z.object({ type: z.string() }).nullish(),
});
const envelope = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z.array(z.object({ message: z.string() })).optional(),
});
const fields = 'id identifier url state { id type }';

/** Linear's workflow types behind our three states. */
const types: Record<TicketState, readonly string[]> = {
  open: ['unstarted', 'backlog', 'triage'],
  in_progress: ['started'],
  done: ['completed'],
};

/** Linear GraphQL. Our id stands in the first line of the description; `find` searches titles and knows ours by it. */
export const linear: Tracker = {
  type: 'linear',
  entry: entrySchema,
  async find(context, rawEntry, { ourId, title }) {
    const entry = entrySchema.parse(rawEntry);
    const data = await ask(
      context,
      entry,
      `query Find($words: String!) { issues(first: 50, filter: { title: { startsWith: $words } }) { nodes { ${fields} description } } }`,
      // `INC-12:`: titles are cut and words change, the reference in front does not.
      { words: title.slice(0, title.indexOf(':') + 1) || title.slice(0, 40) },
    );
    const { nodes } = z
      .object({ issues: z.object({ nodes: z.array(issue.extend({ description: z.string().nullish() })) }) })
      .parse(data).issues;
    const found = nodes.find(({ description }) => description?.includes(marker(ourId)));
    return found === undefined ? null : remote(found);
  },
  async create(context, rawEntry, ticket) {
    const entry = entrySchema.parse(rawEntry);
    const data = await ask(
      context,
      entry,
      `mutation Create($input: IssueCreateInput!) { issueCreate(input: $input) { success issue { ${fields} } } }`,
      {
        input: {
          teamId: entry.teamId,
          title: ticket.title.replaceAll(/\s+/g, ' ').slice(0, 250),
          description: `${marker(ticket.ourId)}\n\n${ticket.description}`,
          priority: ticket.priority,
        },
      },
    );
    return remote(z.object({ issueCreate: z.object({ issue }) }).parse(data).issueCreate.issue);
  },
  async update(context, rawEntry, externalId, ticket) {
    const entry = entrySchema.parse(rawEntry);
    const states = z
      .object({
        workflowStates: z.object({
          nodes: z.array(
            z.object({
              id: z.string(),
              type: z.string(),
              position: z.number().nullish(),
              team: z.object({ id: z.string() }).nullish(),
            }),
          ),
        }),
      })
      .parse(
        await ask(
          context,
          entry,
          'query States { workflowStates(first: 100) { nodes { id type position team { id } } } }',
          {},
        ),
      ).workflowStates.nodes;
    const state = states
      .filter(({ team }) => team === null || team === undefined || team.id === entry.teamId)
      .find(({ type }) => types[ticket.state].includes(type));
    await ask(
      context,
      entry,
      `mutation Update($id: String!, $input: IssueUpdateInput!) { issueUpdate(id: $id, input: $input) { success } }`,
      {
        id: externalId,
        input: {
          title: ticket.title.replaceAll(/\s+/g, ' ').slice(0, 250),
          ...(state === undefined ? {} : { stateId: state.id }),
        },
      },
    );
  },
  async read(context, rawEntry, externalId) {
    const entry = entrySchema.parse(rawEntry);
    const data = await ask(
      context,
      entry,
      `query Read($id: String!) { issue(id: $id) { ${fields} } }`,
      { id: externalId },
      true,
    );
    const parsed = z.object({ issue: issue.nullish() }).parse(data).issue;
    return parsed === null || parsed === undefined ? null : remote(parsed);
  },
};

async function ask(
  context: OutsideContext,
  entry: Entry,
  query: string,
  variables: Record<string, unknown>,
  missingIsNull = false,
): Promise<Record<string, unknown>> {
  const token = context.secret(entry.token.env);
  if (!token) throw new OutsideError(`${entry.token.env} is not set`, { status: 0, final: true });
  const response = await context.fetch(entry.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: token.startsWith('lin_oauth') ? `Bearer ${token}` : token,
    },
    body: JSON.stringify({ query, variables }),
    signal: context.signal,
  });
  const body = envelope.parse(await (await requireOk(response, 'Linear')).json());
  if (body.errors !== undefined && body.errors.length > 0) {
    if (missingIsNull && /not found|entity/i.test(body.errors[0]?.message ?? '')) return { issue: null };
    throw new OutsideError(`Linear: ${body.errors[0]?.message ?? 'refused'}`, {
      status: 200,
      final: /authentication|permission/i.test(body.errors[0]?.message ?? '') === false,
    });
  }
  return body.data ?? {};
}

function remote(row: z.infer<typeof issue>): RemoteTicket {
  const type = row.state?.type;
  const state: TicketState | null =
    type === 'completed' || type === 'canceled'
      ? 'done'
      : type === 'started'
        ? 'in_progress'
        : type === undefined
          ? null
          : 'open';
  return { externalId: row.id, url: row.url ?? null, state };
}

function marker(ourId: string): string {
  return `Steward ${ourId}`;
}
