import { createEmulator, type Emulator } from 'emulate';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RepositoryError } from '../repository.js';
import { github } from './index.js';
import { GithubConfig } from './schema.js';

/** GitHub as another party imitates it: none of it is ours. */
let emulator: Emulator;
const before = 'metrics:\n  - name: mrr\n    description: Fees. # ü\n';
const after = 'metrics:\n  - name: mrr\n    description: Fees of the month. # ü\n';

beforeAll(async () => {
  emulator = await createEmulator({
    service: 'github',
    port: 0,
    seed: {
      tokens: { 'token-of-ours': { login: 'acme', scopes: ['repo'] } },
      github: {
        users: [{ login: 'acme', name: 'Acme' }],
        repos: [{ owner: 'acme', name: 'dbt', auto_init: true, default_branch: 'main' }],
      },
    },
  });
  await api('PUT', 'contents/analytics/models/finance.yml', {
    message: 'start',
    content: Buffer.from(before).toString('base64'),
    branch: 'main',
  });
});

afterAll(() => emulator.close());

async function api(method: string, where: string, body?: unknown) {
  const answer = await fetch(`${emulator.url}/repos/acme/dbt/${where}`, {
    method,
    headers: { authorization: 'Bearer token-of-ours', 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return answer.json();
}

function open(config: Record<string, unknown> = {}, fetch: typeof globalThis.fetch = globalThis.fetch) {
  return github.open(
    GithubConfig.parse({
      type: 'github',
      project: 'acme/dbt',
      url: emulator.url,
      folder: 'analytics',
      token: { env: 'TOKEN' },
      ...config,
    }),
    { fetch, signal: AbortSignal.timeout(10_000), secret: () => 'token-of-ours' },
  );
}

const change = {
  branch: 'steward/def-1',
  path: 'models/finance.yml',
  text: after,
  title: 'New definition of mrr (DEF-1)',
  body: 'Approved in Steward as DEF-1.',
};

it('reads files and folders at the branch that changes are for', async () => {
  expect(await open().read('models/finance.yml')).toBe(before);
  expect(await open().read('models/none.yml')).toBeNull();
  expect(await open().list('models')).toEqual(['finance.yml']);
  expect(await open().list('none')).toEqual([]);
});

it('makes branch, commit and pull request, once, and leaves the main branch alone [repository github: stand-in]', async () => {
  const made = await open().propose(change);
  expect(made.url).toMatch(/\/acme\/dbt\/pull\/\d+$/);
  expect(await open().propose(change)).toEqual(made);
  expect(await api('GET', 'pulls?state=all')).toMatchObject([
    { title: change.title, head: { ref: 'steward/def-1' }, base: { ref: 'main' } },
  ]);
  expect(await open({ branch: 'steward/def-1' }).read('models/finance.yml')).toBe(after);
  expect(await open().read('models/finance.yml')).toBe(before);
});

it.each(['POST git/refs', 'PUT contents', 'POST pulls'])(
  'goes on where it stopped when the answer to %s was lost',
  async (lost) => {
    const [method = '', where = ''] = lost.split(' ');
    let cut = false;
    const losing: typeof fetch = async (url, init) => {
      const answer = await fetch(url, init);
      if (!cut && init?.method === method && String(url).includes(where)) {
        cut = true;
        throw new Error('socket hang up');
      }
      return answer;
    };
    const wanted = { ...change, branch: `steward/lost-${where.replace('/', '-')}` };
    await expect(open({}, losing).propose(wanted)).rejects.toThrow('socket hang up');
    expect(cut).toBe(true);
    const { url } = await open().propose(wanted);
    expect(url).toMatch(/\/pull\/\d+$/);
    const pulls = (await api('GET', 'pulls?state=all')) as { head: { ref: string } }[];
    expect(pulls.filter(({ head }) => head.ref === wanted.branch)).toHaveLength(1);
    expect(await open({ branch: wanted.branch }).read('models/finance.yml')).toBe(after);
  },
);

it('says which address refused what, for a token or repository that is not right', async () => {
  await expect(open({ project: 'acme/none' }).propose(change)).rejects.toBeInstanceOf(RepositoryError);
  expect(() =>
    github.open(GithubConfig.parse({ type: 'github', project: 'acme/dbt', token: { env: 'NO_TOKEN' } }), {
      fetch,
      signal: AbortSignal.timeout(1_000),
      secret: () => undefined,
    }),
  ).toThrow('NO_TOKEN is not set');
});

it.each([
  [
    401,
    '{"message":"Bad credentials","documentation_url":"https://docs.example","status":"401"}',
    ': Bad credentials.',
  ],
  [
    422,
    '{"message":"Validation Failed","errors":[{"resource":"PullRequest","message":"No commits between main and it"}]}',
    ': Validation Failed: No commits between main and it.',
  ],
  [500, '{"message":"Server Error"}', ': Server Error.'],
  [502, '<html>bad gateway</html>', ': it gave no reason.'],
  [301, '{"message":"Moved Permanently"}', ': the repository has another name or address now.'],
])('says in words what %i means', async (status, body, words) => {
  const refusing: typeof fetch = async () =>
    new Response(body, { status, headers: { location: 'https://elsewhere.example' } });
  const refused = await open({}, refusing)
    .propose(change)
    .catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(RepositoryError);
  expect(String(refused)).toContain(`answered ${status} to GET /repos/acme/dbt/pulls${words}`);
  expect(String(refused)).not.toContain('{');
});
