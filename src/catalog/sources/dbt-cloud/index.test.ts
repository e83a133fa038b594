import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { describeWithShared, sharedPath } from '../../../../test/helpers/shared.js';
import { sourceContext } from '../../test-kit/source-context.js';
import { dbtCloud } from './index.js';

const manifest = {
  metadata: {
    dbt_schema_version: 'https://schemas.getdbt.com/dbt/manifest/v12.json',
    project_name: 'shop',
    dbt_version: '1.10',
  },
  nodes: { 'model.shop.orders': { name: 'orders', package_name: 'shop' } },
};
const runs = { data: [{ id: 77, finished_at: '2026-03-02T05:00:00Z', git_sha: 'abc', href: null }] };
const config = { url: 'https://ab1.us1.dbt.com', account: 5, environment: 9, token: { env: 'DBT_TOKEN' } };

/** Answers by path; what is not listed is not there. */
function platform(answers: Record<string, unknown>, asked: Request[] = []) {
  return sourceContext({
    secret: () => 'secret',
    fetch: async (input, init) => {
      const request = new Request(input, init);
      asked.push(request);
      const answer = answers[new URL(request.url).pathname];
      return answer === undefined ? new Response('', { status: 404 }) : Response.json(answer);
    },
  });
}

const paths = {
  '/api/v2/accounts/5/runs/': runs,
  '/api/v2/accounts/5/runs/77/artifacts/manifest.json': manifest,
};

describe('the dbt platform', () => {
  it('gives the artifacts of the newest good run of an environment', async () => {
    const asked: Request[] = [];
    const snapshot = await dbtCloud.read(config, platform(paths, asked));
    expect(snapshot.assets.map((asset) => asset.sourceId)).toEqual(['model.shop.orders']);
    expect(snapshot.info).toMatchObject({ run: '77', revision: 'abc', project: 'shop' });
    expect(asked[0]?.url).toBe(
      'https://ab1.us1.dbt.com/api/v2/accounts/5/runs/?environment_id=9&status=10&order_by=-finished_at&limit=8',
    );
    expect(asked[0]?.headers.get('authorization')).toBe('Bearer secret');
  });

  it('keeps the columns of the last run that generated docs: a run without them takes none away', async () => {
    const generated = {
      metadata: { dbt_schema_version: 'https://schemas.getdbt.com/dbt/catalog/v1.json' },
      nodes: {
        'model.shop.orders': {
          unique_id: 'model.shop.orders',
          metadata: { type: 'table', schema: 'marts', name: 'orders' },
          columns: { amount: { type: 'numeric', index: 1, name: 'amount' } },
          stats: {},
        },
      },
      sources: {},
    };
    const nightly = { id: 70, finished_at: '2026-03-01T23:00:00Z', git_sha: 'abc', href: null };
    const snapshot = await dbtCloud.read(
      config,
      platform({
        ...paths,
        '/api/v2/accounts/5/runs/': { data: [...runs.data, nightly] },
        '/api/v2/accounts/5/runs/70/artifacts/catalog.json': generated,
      }),
    );
    expect(snapshot.assets).toMatchObject([{ columns: [{ name: 'amount', dataType: 'numeric' }] }]);
    expect(snapshot.info).toMatchObject({ run: '77', catalogOfRun: '70' });
  });

  describe('whose newest run failed', () => {
    const results = (status: string, at: string) => ({
      metadata: {
        dbt_schema_version: 'https://schemas.getdbt.com/dbt/run-results/v6.json',
        generated_at: at,
      },
      results: [
        {
          unique_id: 'model.shop.orders',
          status,
          timing: [{ name: 'execute', started_at: at, completed_at: at }],
          message: status,
        },
      ],
    });
    const good = { id: 77, finished_at: '2026-03-02T05:00:00Z', git_sha: 'abc' };
    const artifacts = {
      ...paths,
      '/api/v2/accounts/5/runs/77/artifacts/run_results.json': results('success', '2026-03-02T04:50:00Z'),
    };
    const failedArtifact = {
      '/api/v2/accounts/5/runs/78/artifacts/run_results.json': results('error', '2026-03-02T06:50:00Z'),
      '/api/v2/accounts/5/runs/78/artifacts/manifest.json': { metadata: {}, nodes: {} },
    };
    const read = (failed: Record<string, unknown>, answers: Record<string, unknown>) =>
      dbtCloud.read(
        config,
        sourceContext({
          secret: () => 'secret',
          fetch: async (input) => {
            const { pathname, searchParams } = new URL(input instanceof Request ? input.url : String(input));
            if (pathname === '/api/v2/accounts/5/runs/')
              return Response.json({ data: [searchParams.get('status') === '20' ? failed : good] });
            const answer = answers[pathname];
            return answer === undefined ? new Response('', { status: 404 }) : Response.json(answer);
          },
        }),
      );

    it('is defined by its newest good run and measured by the failed one', async () => {
      const failed = { id: 78, finished_at: '2026-03-02T07:00:00Z', git_sha: 'bad' };
      const snapshot = await read(failed, { ...artifacts, ...failedArtifact });
      expect(snapshot.assets.map((asset) => asset.sourceId)).toEqual(['model.shop.orders']);
      expect(snapshot.info).toMatchObject({ run: '77', revision: 'abc', resultsOfRun: '78' });
      expect(snapshot.signals).toMatchObject([{ type: 'run', status: 'error' }]);
    });

    it('keeps the results of the good run where the failed one is older or left none', async () => {
      const older = { id: 78, finished_at: '2026-03-02T03:00:00Z', git_sha: 'bad' };
      const before = await read(older, { ...artifacts, ...failedArtifact });
      expect(before.signals).toMatchObject([{ type: 'run', status: 'pass' }]);
      expect(before.info).not.toHaveProperty('resultsOfRun');
      const early = { id: 79, finished_at: '2026-03-02T07:00:00Z', git_sha: 'bad' };
      const none = await read(early, artifacts);
      expect(none.signals).toMatchObject([{ type: 'run', status: 'pass' }]);
      expect(none.info).not.toHaveProperty('resultsOfRun');
    });
  });

  it('finds the production environment of a project by itself', async () => {
    const asked: Request[] = [];
    const found = { ...paths, '/api/v3/accounts/5/projects/3/environments/': { data: [{ id: 42 }] } };
    const { environment: _, ...rest } = config;
    await dbtCloud.read({ ...rest, project: 3 }, platform(found, asked));
    expect(asked.slice(0, 2).map((request) => new URL(request.url).search)).toEqual([
      '?deployment_type=production',
      '?environment_id=42&status=10&order_by=-finished_at&limit=8',
    ]);
    const none = { ...paths, '/api/v3/accounts/5/projects/3/environments/': { data: [] } };
    await expect(dbtCloud.read({ ...rest, project: 3 }, platform(none))).rejects.toThrow(
      'no environment that is marked as production',
    );
  });

  it('without a good run or a manifest is broken, and says what to do', async () => {
    await expect(
      dbtCloud.read(config, platform({ ...paths, '/api/v2/accounts/5/runs/': { data: [] } })),
    ).rejects.toThrow('has no successful run');
    await expect(dbtCloud.read(config, platform({ '/api/v2/accounts/5/runs/': runs }))).rejects.toThrow(
      'Run 77 left no manifest.json',
    );
  });

  it('needs an account and an environment or job', () => {
    expect(dbtCloud.config.safeParse({ account: 5 }).success).toBe(false);
    expect(dbtCloud.config.safeParse({ account: 5, job: 1 }).success).toBe(true);
  });
});

describeWithShared('specs', "the dbt platform's published API [source dbt-cloud: contract]", () => {
  it('has the look-up of environments that is asked for', () => {
    const spec = parse(readFileSync(sharedPath('specs/dbt-cloud/openapi-v3.yaml'), 'utf8'));
    const { parameters } =
      spec.paths['/api/v3/accounts/{account_id}/projects/{project_id}/environments/'].get;
    expect(parameters.map((parameter: { name: string }) => parameter.name)).toContain('deployment_type');
  });

  it('has every path and parameter that is asked for', async () => {
    const spec = parse(readFileSync(sharedPath('specs/dbt-cloud/openapi-v2.yaml'), 'utf8'));
    const asked: Request[] = [];
    await dbtCloud.read(config, platform(paths, asked));
    for (const request of asked) {
      const { pathname, searchParams } = new URL(request.url);
      const template = pathname
        .replace('/accounts/5/', '/accounts/{account_id}/')
        .replace('/runs/77/', '/runs/{run_id}/')
        .replace(/artifacts\/.+$/, 'artifacts/{remainder}');
      const operation = spec.paths[template]?.get;
      expect(operation, template).toBeDefined();
      const known = operation.parameters.map((parameter: { name: string }) => parameter.name);
      expect([...searchParams.keys()].filter((name) => !known.includes(name))).toEqual([]);
    }
  });
});
