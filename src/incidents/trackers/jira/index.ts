import { z } from 'zod';
import { secretRef } from '../../../config/schema-values.js';
import { type OutsideContext, OutsideError, requireOk } from '../../pagers/pager.js';
import type { RemoteTicket, Ticket, TicketState, Tracker } from '../tracker.js';

const jiraEntry = z.strictObject({
  type: z.literal('jira'),
  name: z.string(),
  url: z.string(),
  user: z.string(),
  token: secretRef,
  project: z.string(),
  issueType: z.string().default('Task'),
  /** Names of the workflow's transitions. A state without one is left alone: an unknown status closes nothing. */
  transitions: z
    .strictObject({
      open: z.string().optional(),
      in_progress: z.string().optional(),
      done: z.string().optional(),
    })
    .default({}),
});
type JiraEntry = z.infer<typeof jiraEntry>;

const created = z.object({ id: z.string(), key: z.string() });
const issue = z.object({
  key: z.string(),
  fields: z.object({
    status: z.object({ statusCategory: z.object({ key: z.string() }).nullish() }).nullish(),
  }),
});
const found = z.object({ issues: z.array(issue).default([]) });
const transitionList = z.object({
  transitions: z
    .array(
      z.object({
        id: z.string(),
        name: z.string(),
        to: z.object({ statusCategory: z.object({ key: z.string() }).nullish() }).nullish(),
      }),
    )
    .default([]),
});

/** Jira Cloud, REST v3: descriptions are documents, search is /search/jql. */
export const jira: Tracker = {
  type: 'jira',
  entry: jiraEntry,
  async find(context, rawEntry, { ourId }) {
    const entry = jiraEntry.parse(rawEntry);
    const query = new URLSearchParams({
      jql: `project = "${entry.project.replaceAll('"', '')}" AND labels = "${label(ourId)}"`,
      fields: 'status',
      maxResults: '1',
    });
    const body = found.parse(
      await (await call(context, entry, `/rest/api/3/search/jql?${query.toString()}`)).json(),
    );
    const [first] = body.issues;
    return first === undefined ? null : remote(entry, first);
  },
  async create(context, rawEntry, ticket) {
    const entry = jiraEntry.parse(rawEntry);
    const fields = {
      project: { key: entry.project },
      issuetype: { name: entry.issueType },
      summary: oneLine(ticket.title),
      description: document(ticket),
      labels: ['steward', label(ticket.ourId)],
    };
    const body = created.parse(
      await (await call(context, entry, '/rest/api/3/issue', { method: 'POST', body: { fields } })).json(),
    );
    return { externalId: body.key, url: `${entry.url.replace(/\/$/, '')}/browse/${body.key}`, state: 'open' };
  },
  async update(context, rawEntry, externalId, ticket) {
    const entry = jiraEntry.parse(rawEntry);
    const path = `/rest/api/3/issue/${encodeURIComponent(externalId)}`;
    await call(context, entry, path, { method: 'PUT', body: { fields: { summary: oneLine(ticket.title) } } });
    const now = await jira.read(context, rawEntry, externalId);
    if (now?.state === ticket.state) return;
    const list = transitionList.parse(await (await call(context, entry, `${path}/transitions`)).json());
    const wanted = entry.transitions[ticket.state];
    const category = { open: 'new', in_progress: 'indeterminate', done: 'done' }[ticket.state];
    const transition = list.transitions.find(({ name, to }) =>
      wanted === undefined
        ? to?.statusCategory?.key === category
        : name.toLowerCase() === wanted.toLowerCase(),
    );
    if (transition === undefined) return;
    await call(context, entry, `${path}/transitions`, {
      method: 'POST',
      body: { transition: { id: transition.id } },
    });
  },
  async read(context, rawEntry, externalId) {
    const entry = jiraEntry.parse(rawEntry);
    const response = await call(
      context,
      entry,
      `/rest/api/3/issue/${encodeURIComponent(externalId)}?fields=status`,
      {},
      [404],
    );
    return response.status === 404 ? null : remote(entry, issue.parse(await response.json()));
  },
};

async function call(
  context: OutsideContext,
  entry: JiraEntry,
  path: string,
  options: { method?: string; body?: unknown } = {},
  alsoFine: readonly number[] = [],
): Promise<Response> {
  const token = context.secret(entry.token.env);
  if (!token) throw new OutsideError(`${entry.token.env} is not set`, { status: 0, final: true });
  const response = await context.fetch(`${entry.url.replace(/\/$/, '')}${path}`, {
    method: options.method ?? 'GET',
    headers: {
      authorization: `Basic ${Buffer.from(`${entry.user}:${token}`).toString('base64')}`,
      accept: 'application/json',
      ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    signal: context.signal,
  });
  return alsoFine.includes(response.status) ? response : requireOk(response, 'Jira');
}

function remote(entry: JiraEntry, found_: z.infer<typeof issue>): RemoteTicket {
  const category = found_.fields.status?.statusCategory?.key;
  const state: TicketState | null =
    category === 'done'
      ? 'done'
      : category === 'indeterminate'
        ? 'in_progress'
        : category === 'new'
          ? 'open'
          : null;
  return { externalId: found_.key, url: `${entry.url.replace(/\/$/, '')}/browse/${found_.key}`, state };
}

/** Labels may hold no blanks. */
function label(ourId: string): string {
  return `steward-${ourId.replaceAll(/[^A-Za-z0-9_-]/g, '-')}`;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim().slice(0, 250);
}

/** Atlassian's document format: paragraphs of plain text, so that nothing in it is markup. */
function document(ticket: Ticket) {
  const paragraphs = ticket.description.split(/\n+/).filter((line) => line.trim() !== '');
  return {
    type: 'doc',
    version: 1,
    content: (paragraphs.length === 0 ? [ticket.title] : paragraphs).map((text) => ({
      type: 'paragraph',
      content: [{ type: 'text', text }],
    })),
  };
}
