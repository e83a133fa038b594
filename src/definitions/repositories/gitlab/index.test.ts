import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { gitlab } from './index.js';
import { GitlabConfig } from './schema.js';

/**
 * A stand-in that takes and answers what GitLab's documentation shows (docs.gitlab.com: api/repository_files, api/commits, api/merge_requests); it was written
 * here, so it proves our reading of those pages and not GitLab itself.
 */
let server: http.Server;
let url = '';
const main = new Map<string, string>();
const branches = new Map<string, Map<string, string>>();
let mergeRequests: Record<string, unknown>[] = [];
let requests: string[] = [];

function files(branch: string): Map<string, string> | undefined {
  return branch === 'main' ? main : branches.get(branch);
}

function answer(method: string, address: URL, body: Record<string, unknown>): [number, unknown] {
  const project = '/api/v4/projects/acme%2Fanalytics%2Fdbt';
  if (!address.pathname.startsWith(`${project}/`)) return [404, { message: '404 Project Not Found' }];
  const where = address.pathname.slice(project.length + 1);
  const query = address.searchParams;
  if (method === 'GET' && where.startsWith('repository/files/')) {
    const text = files(query.get('ref') ?? '')?.get(decodeURIComponent(where.slice(17)));
    if (text === undefined) return [404, { message: '404 File Not Found' }];
    return [200, { encoding: 'base64', content: Buffer.from(text).toString('base64') }];
  }
  if (method === 'GET' && where === 'repository/tree') {
    const folder = `${query.get('path')}/`;
    const names = [...main.keys()].filter((name) => name.startsWith(folder));
    return [200, names.map((name) => ({ name: name.slice(folder.length), type: 'blob' }))];
  }
  if (method === 'POST' && where === 'repository/commits') {
    const branch = String(body.branch);
    if (branches.has(branch))
      return [400, { message: `A branch called '${branch}' already exists. Switch to that branch.` }];
    const [action] = body.actions as { action: string; file_path: string; content: string }[];
    if (action?.action !== 'update' || !main.has(action.file_path))
      return [400, { message: "A file with this name doesn't exist" }];
    branches.set(branch, new Map([...main, [action.file_path, action.content]]));
    return [201, { id: 'ed899a2f4b50b4370feeea94676502b42383c746', title: body.commit_message }];
  }
  if (where === 'merge_requests' && method === 'GET')
    return [200, mergeRequests.filter((one) => one.source_branch === query.get('source_branch'))];
  if (where === 'merge_requests' && method === 'POST') {
    const made = {
      ...body,
      web_url: `https://gitlab.example/acme/-/merge_requests/${mergeRequests.length + 1}`,
    };
    mergeRequests.push(made);
    return [201, made];
  }
  return [404, { error: '404 Not Found' }];
}

beforeAll(async () => {
  server = http.createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const address = new URL(request.url ?? '/', url);
      requests.push(`${request.method} ${address.pathname}`);
      const text = Buffer.concat(parts).toString();
      const [status, body] =
        request.headers['private-token'] === 'token-of-ours'
          ? answer(request.method ?? '', address, text === '' ? {} : JSON.parse(text))
          : [401, { message: '401 Unauthorized' }];
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v4`;
});

afterAll(() => new Promise((resolve) => server.close(resolve)));

beforeEach(() => {
  main.clear();
  main.set('dbt/models/finance.yml', 'metrics: []\n');
  branches.clear();
  mergeRequests = [];
  requests = [];
});

function open(token = 'token-of-ours', project = 'acme/analytics/dbt') {
  return gitlab.open(
    GitlabConfig.parse({ type: 'gitlab', project, url, folder: 'dbt', token: { env: 'TOKEN' } }),
    { fetch, signal: AbortSignal.timeout(10_000), secret: () => token },
  );
}

const change = {
  branch: 'steward/def-1',
  path: 'models/finance.yml',
  text: 'metrics: [{ name: mrr }]\n',
  title: 'New definition of mrr (DEF-1)',
  body: 'Approved.',
};

it('reads files and folders at the branch that changes are for', async () => {
  expect(await open().read('models/finance.yml')).toBe('metrics: []\n');
  expect(await open().read('models/none.yml')).toBeNull();
  expect(await open().list('models')).toEqual(['finance.yml']);
});

it('makes branch, commit and merge request, once', async () => {
  const made = await open().propose(change);
  expect(await open().propose(change)).toEqual(made);
  expect(mergeRequests).toMatchObject([
    {
      source_branch: 'steward/def-1',
      target_branch: 'main',
      title: change.title,
      remove_source_branch: true,
    },
  ]);
  expect(branches.get('steward/def-1')?.get('dbt/models/finance.yml')).toBe(change.text);
  expect(main.get('dbt/models/finance.yml')).toBe('metrics: []\n');
  expect(requests.filter((one) => one.startsWith('POST'))).toHaveLength(2);
});

it('goes on where it stopped when the branch is there already', async () => {
  branches.set('steward/def-1', new Map([['dbt/models/finance.yml', change.text]]));
  await expect(open().propose(change)).resolves.toMatchObject({
    url: expect.stringContaining('merge_requests/1'),
  });
});

it('names the address that refused', async () => {
  await expect(open('wrong').propose(change)).rejects.toThrow(/answered 401 to GET .*merge_requests/);
  await expect(open('token-of-ours', 'acme/none').propose(change)).rejects.toThrow('404');
});
