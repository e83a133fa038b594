import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { Ajv, type ValidateFunction } from 'ajv';
import { createEmulator } from 'emulate';
import { z } from 'zod';
import type { TicketState } from '../../src/incidents/trackers/tracker.js';
import { sharedPath } from '../helpers/shared.js';

/** The other side of a tracker, with what people do there. */
export interface TrackerThere {
  /** Entry of `incidents.trackers`. */
  entry: Record<string, unknown>;
  secrets: Record<string, string>;
  stateThere: (id: string) => Promise<TicketState | null>;
  moveThere: (id: string, state: TicketState) => Promise<void>;
  deleteThere: (id: string) => Promise<void>;
  /** What was asked that the description of the other side does not allow, or answered that it does not say. */
  faults: () => string[];
  close: () => Promise<void>;
}

interface Asked {
  method: string;
  path: string;
  query: URLSearchParams;
  body: Record<string, unknown>;
}
interface Answer {
  status: number;
  body?: unknown;
}

/** A server that answers so. */
async function serve(answer: (asked: Asked) => Answer): Promise<{ url: string; close: () => Promise<void> }> {
  const server = createServer((request, response) => {
    void read(request).then((text) => {
      const url = new URL(request.url ?? '/', 'http://localhost');
      const body = text === '' ? {} : z.record(z.string(), z.unknown()).parse(JSON.parse(text));
      const { status, body: said } = answer({
        method: request.method ?? 'GET',
        path: url.pathname,
        query: url.searchParams,
        body,
      });
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(said === undefined ? undefined : JSON.stringify(said));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = z.object({ port: z.number() }).parse(server.address());
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

async function read(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

/** Linear, as the package `emulate` plays it. */
export async function linearThere(): Promise<TrackerThere> {
  const emulator = await createEmulator({ service: 'linear', port: 0 });
  const ask = async (query: string, variables: Record<string, unknown> = {}): Promise<unknown> => {
    const response = await fetch(`${emulator.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'lin_api_test' },
      body: JSON.stringify({ query, variables }),
    });
    return z.object({ data: z.unknown() }).parse(await response.json()).data;
  };
  const nodes = (name: string, data: unknown) =>
    z
      .record(
        z.string(),
        z.object({ nodes: z.array(z.object({ id: z.string(), type: z.string().optional() })) }),
      )
      .parse(data)[name]?.nodes ?? [];
  const types: Record<TicketState, string[]> = {
    open: ['unstarted', 'backlog', 'triage'],
    in_progress: ['started'],
    done: ['completed'],
  };
  const [team] = nodes('teams', await ask('{ teams { nodes { id } } }'));
  return {
    entry: {
      type: 'linear',
      name: 'tracker',
      url: `${emulator.url}/graphql`,
      token: { env: 'LINEAR' },
      teamId: team?.id ?? '',
    },
    secrets: { LINEAR: 'lin_api_test' },
    stateThere: async (id) => {
      const { type } = z
        .object({ issue: z.object({ state: z.object({ type: z.string() }) }) })
        .parse(await ask('query ($id: String!) { issue(id: $id) { state { type } } }', { id })).issue.state;
      return (['open', 'in_progress', 'done'] as const).find((state) => types[state].includes(type)) ?? null;
    },
    moveThere: async (id, wanted) => {
      const states = nodes(
        'workflowStates',
        await ask('{ workflowStates(first: 100) { nodes { id type } } }'),
      );
      const s = states.find(({ type }) => types[wanted].includes(type ?? ''))?.id;
      await ask(
        'mutation ($id: String!, $s: String!) { issueUpdate(id: $id, input: { stateId: $s }) { success } }',
        { id, s },
      );
    },
    deleteThere: async (id) => {
      await ask('mutation ($id: String!) { issueDelete(id: $id) { success } }', { id });
    },
    faults: () => [],
    close: () => emulator.close(),
  };
}

const jiraFile = 'jira/jira-cloud-platform-v3.trimmed.json';
const categories = { open: 'new', in_progress: 'indeterminate', done: 'done' } as const;

/**
 * Jira with one workflow (every state leads to every other), whose every request and every answer is held against Jira's published
 * description: path, method, parameters, bodies.
 */
export async function jiraThere(): Promise<TrackerThere> {
  const operation = z.looseObject({ parameters: z.array(z.unknown()).default([]) });
  const document = z
    .looseObject({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) })
    .parse(JSON.parse(readFileSync(sharedPath('specs', jiraFile), 'utf8')));
  const ajv = new Ajv({ strict: false, validateFormats: false });
  ajv.addSchema(document, 'spec');
  const compiled = new Map<string, ValidateFunction>();
  const holds = (template: string, method: string, where: string, value: unknown): string => {
    const escaped = template.replaceAll('~', '~0').replaceAll('/', '~1');
    const pointer = encodeURI(`spec#/paths/${escaped}/${method}/${where}/content/application~1json/schema`)
      .replaceAll('%7B', '{')
      .replaceAll('%7D', '}');
    const validate = compiled.get(pointer) ?? ajv.compile({ $ref: pointer });
    compiled.set(pointer, validate);
    return validate(value) ? '' : ajv.errorsText(validate.errors);
  };
  const issues = new Map<string, { state: TicketState; labels: string[] }>();
  const faults: string[] = [];
  const status = (state: TicketState) => ({
    status: { name: state, statusCategory: { id: 1, key: categories[state], name: state } },
  });

  const answer = ({ method, path, query, body }: Asked): Answer => {
    if (path === '/rest/api/3/issue' && method === 'POST') {
      const { labels } = z.looseObject({ labels: z.array(z.string().regex(/^\S+$/)) }).parse(body.fields);
      const key = `DATA-${issues.size + 1}`;
      issues.set(key, { state: 'open', labels });
      return { status: 201, body: { id: String(10_000 + issues.size), key, self: `https://x/${key}` } };
    }
    if (path === '/rest/api/3/search/jql') {
      const label = /labels = "([^"]+)"/.exec(query.get('jql') ?? '')?.[1] ?? '';
      const found = [...issues].filter(([, { labels }]) => labels.includes(label));
      const list = found.map(([key, { state }]) => ({ id: '1', key, fields: status(state) }));
      return { status: 200, body: { issues: list, isLast: true } };
    }
    const [, key = '', rest = ''] = /^\/rest\/api\/3\/issue\/([^/]+)(\/transitions)?$/.exec(path) ?? [];
    const issue = issues.get(key);
    if (issue === undefined)
      return { status: 404, body: { errorMessages: ['Issue does not exist'], errors: {} } };
    if (rest === '' && method === 'GET')
      return { status: 200, body: { id: '1', key, fields: status(issue.state) } };
    if (rest === '' && method === 'PUT') return { status: 204 };
    if (method === 'GET') {
      const transitions = (['open', 'in_progress', 'done'] as const)
        .filter((state) => state !== issue.state)
        .map((state) => ({ id: state, name: `To ${state}`, to: status(state).status }));
      return { status: 200, body: { transitions } };
    }
    const { id } = z.object({ id: z.enum(['open', 'in_progress', 'done']) }).parse(body.transition);
    issues.set(key, { ...issue, state: id });
    return { status: 204 };
  };

  const server = await serve((asked) => {
    const template = asked.path.replace(/\/DATA-\d+/, '/{issueIdOrKey}');
    const method = asked.method.toLowerCase();
    const described = document.paths[template]?.[method];
    const say = (what: string, fault: string): void => {
      if (fault !== '') faults.push(`${asked.method} ${template}: ${what} ${fault}`);
    };
    if (described === undefined) {
      say('there is', 'no such operation');
      return { status: 405 };
    }
    const named = operation
      .parse(described)
      .parameters.map((one) => z.looseObject({ name: z.string().default('') }).parse(one).name);
    for (const name of asked.query.keys()) if (!named.includes(name)) say('no parameter', name);
    if (Object.keys(asked.body).length > 0) say('asked', holds(template, method, 'requestBody', asked.body));
    const said = answer(asked);
    if (said.status < 300 && said.body !== undefined)
      say('answered', holds(template, method, `responses/${said.status}`, said.body));
    return said;
  });
  return {
    entry: {
      type: 'jira',
      name: 'tracker',
      url: server.url,
      user: 'bot@example.com',
      token: { env: 'JIRA' },
      project: 'DATA',
    },
    secrets: { JIRA: 'a token' },
    stateThere: async (id) => issues.get(id)?.state ?? null,
    moveThere: async (id, state) => {
      const issue = issues.get(id);
      if (issue !== undefined) issues.set(id, { ...issue, state });
    },
    deleteThere: async (id) => void issues.delete(id),
    faults: () => faults,
    close: server.close,
  };
}

const codes = { open: '1', in_progress: '2', done: '6' } as const;

/**
 * ServiceNow's Table API on `incident`, as its documented examples answer. No schema is published, so this proves no more than that we and the
 * examples agree. As out of the box, nothing is resolved without a code and notes.
 */
export async function serviceNowThere(): Promise<TrackerThere> {
  const rows = new Map<string, { number: string; state: string; correlation: string }>();
  const faults: string[] = [];
  const known = [
    'short_description',
    'description',
    'impact',
    'urgency',
    'correlation_id',
    'correlation_display',
  ];
  const changing = ['state', 'work_notes', 'close_code', 'close_notes'];
  const shown = (id: string, { number, state }: { number: string; state: string }) => ({
    sys_id: id,
    number,
    state,
  });
  const server = await serve(({ method, path, query, body }) => {
    const [, id] = /^\/api\/now\/table\/incident(?:\/([0-9a-f]{32}))?$/.exec(path) ?? [];
    const stray = Object.keys(body).filter((name) => !(method === 'POST' ? known : changing).includes(name));
    if (stray.length > 0) faults.push(`${method}: ${stray.join(', ')} is no field of the examples`);
    if (id === undefined && method === 'POST') {
      const made = String(rows.size + 1).padStart(32, 'a');
      const row = { number: `INC00${rows.size + 1}`, state: '1', correlation: String(body.correlation_id) };
      rows.set(made, row);
      return { status: 201, body: { result: shown(made, row) } };
    }
    if (id === undefined) {
      const wanted = /^correlation_id=(.+)$/.exec(query.get('sysparm_query') ?? '')?.[1];
      const found = [...rows].filter(([, { correlation }]) => correlation === wanted);
      return { status: 200, body: { result: found.map(([key, row]) => shown(key, row)) } };
    }
    const row = rows.get(id);
    if (row === undefined)
      return {
        status: 404,
        body: {
          error: {
            message: 'No Record found',
            detail: "Record doesn't exist or ACL restricts the record retrieval",
          },
          status: 'failure',
        },
      };
    if (method === 'PATCH') {
      if (body.state === codes.done && (!body.close_code || !body.close_notes)) {
        faults.push('resolved without a code and notes');
        return { status: 403, body: { error: { message: 'Operation Failed' }, status: 'failure' } };
      }
      row.state = typeof body.state === 'string' ? body.state : row.state;
    }
    return { status: 200, body: { result: shown(id, row) } };
  });
  return {
    entry: {
      type: 'servicenow',
      name: 'tracker',
      url: server.url,
      user: 'bot',
      password: { env: 'SERVICENOW' },
    },
    secrets: { SERVICENOW: 'a password' },
    stateThere: async (id) =>
      (['open', 'in_progress', 'done'] as const).find((state) => codes[state] === rows.get(id)?.state) ??
      null,
    moveThere: async (id, state) => {
      const row = rows.get(id);
      if (row !== undefined) row.state = codes[state];
    },
    deleteThere: async (id) => void rows.delete(id),
    faults: () => faults,
    close: server.close,
  };
}
