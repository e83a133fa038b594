import { z } from 'zod';
import { type SourceConnector, SourceError } from '../../connector.js';
import { type ApiClient, makeApiClient, secretOf, secretSetting } from '../api-client.js';
import { artifactsSnapshot } from '../dbt-artifacts/artifacts-snapshot.js';
import type { Artifacts } from '../dbt-artifacts/files.js';
import { dbtArtifacts } from '../dbt-artifacts/index.js';
import { Artifact, Environments, Runs } from './schema.js';

const Config = z
  .strictObject({
    /** Address of the dbt platform, with the account's prefix where it has one: `https://ab123.us1.dbt.com`. */
    url: z.url().default('https://cloud.getdbt.com'),
    account: z.number().int().positive().optional(),
    /** The production environment; its newest good run counts. */
    environment: z.number().int().positive().optional(),
    /** Or the project, whose production environment is looked up. */
    project: z.number().int().positive().optional(),
    /** Or one job. */
    job: z.number().int().positive().optional(),
    token: secretSetting.optional(),
    /** A folder with artifacts that were downloaded, instead of the API. */
    path: z.string().min(1).optional(),
    warehouse: z.string().min(1).optional(),
    fileUrl: z.url().optional(),
  })
  .refine(
    (config) =>
      config.path !== undefined ||
      (config.account !== undefined && (config.environment ?? config.project ?? config.job) !== undefined),
    'set account and environment (or project, or job), or path',
  );
type Config = z.infer<typeof Config>;

/** dbt's own number for a run that succeeded. */
const succeeded = '10';

/** dbt platform: the artifacts of the newest good run of the production environment, by its Administrative API v2. */
export const dbtCloud = {
  type: 'dbt-cloud',
  config: Config,
  fromPath: (given) => ({ url: 'https://cloud.getdbt.com', path: given }),
  read: async (config, context) => {
    const { warehouse, fileUrl } = config;
    if (config.path !== undefined) {
      return dbtArtifacts.read(
        {
          path: config.path,
          ...(warehouse === undefined ? {} : { warehouse }),
          ...(fileUrl === undefined ? {} : { fileUrl }),
        },
        context,
      );
    }
    const token = secretOf(context, config.token, 'dbt platform');
    const client = makeApiClient(context, {
      system: 'dbt platform',
      url: config.url,
      timeoutMs: 120_000,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    });
    const runs = `/api/v2/accounts/${config.account}/runs/`;
    const environment =
      config.environment ??
      (config.project === undefined
        ? undefined
        : await productionOf(client, `/api/v3/accounts/${config.account}/projects/${config.project}`));
    const scope: Record<string, string> = {
      ...(environment === undefined ? {} : { environment_id: String(environment) }),
      ...(config.job === undefined ? {} : { job_definition_id: String(config.job) }),
    };
    const { data } = await client.get(runs, Runs, {
      ...scope,
      status: succeeded,
      order_by: '-finished_at',
      limit: '1',
    });
    const [run] = data;
    if (run === undefined) {
      throw new SourceError(
        'dbt platform has no successful run there yet. Check the environment or job, or wait for its first good run.',
      );
    }
    const artifact = (name: string) => client.find(`${runs}${run.id}/artifacts/${name}`, Artifact);
    const artifacts: Artifacts = {};
    for (const name of ['manifest.json', 'catalog.json', 'run_results.json', 'sources.json'] as const) {
      const found = await artifact(name);
      if (found !== undefined) artifacts[name] = found;
    }
    if (artifacts['manifest.json'] === undefined) {
      throw new SourceError(
        `Run ${run.id} left no manifest.json. Let the job run \`dbt build\` or \`dbt parse\`.`,
      );
    }
    const snapshot = await artifactsSnapshot(
      { folder: `run ${run.id}`, artifacts, warnings: [] },
      { warehouse, fileUrl },
      context.now,
      [],
    );
    const info: Record<string, string> = { ...snapshot.info, run: String(run.id) };
    if (typeof run.finished_at === 'string') info.finishedAt = run.finished_at;
    if (typeof run.git_sha === 'string') info.revision = run.git_sha;
    return { ...snapshot, info };
  },
} satisfies SourceConnector<Config>;

/** The environment that the project's people marked as production. */
async function productionOf(client: ApiClient, project: string): Promise<number> {
  const { data } = await client.get(`${project}/environments/`, Environments, {
    deployment_type: 'production',
  });
  const [environment] = data;
  if (environment === undefined) {
    throw new SourceError(
      'The project has no environment that is marked as production. Mark one in the dbt platform, or set `environment`.',
    );
  }
  return environment.id;
}
