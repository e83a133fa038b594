import { z } from 'zod';
import { type SourceConnector, SourceError } from '../../connector.js';
import { type ApiClient, makeApiClient, secretOf, secretSetting } from '../api-client.js';
import { artifactsSnapshot } from '../dbt-artifacts/artifacts-snapshot.js';
import type { Artifacts } from '../dbt-artifacts/files.js';
import { dbtArtifacts } from '../dbt-artifacts/index.js';
import { Artifact, Environments, type Run, Runs } from './schema.js';

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
  })
  .refine(
    (config) =>
      config.path !== undefined ||
      (config.account !== undefined && (config.environment ?? config.project ?? config.job) !== undefined),
    'set account and environment (or project, or job), or path',
  );
type Config = z.infer<typeof Config>;

/** dbt's own numbers for how a run ended. */
const ended = { succeeded: '10', failed: '20' } as const;

/**
 * dbt platform: definitions from the newest good run of the production environment, by its Administrative API v2. Where a newer run failed, what it
 * measured counts: its results are what is true of the data today, its manifest may be of code that does not even compile.
 */
export const dbtCloud = {
  type: 'dbt-cloud',
  config: Config,
  fromPath: (given) => ({ url: 'https://cloud.getdbt.com', path: given }),
  read: async (config, context) => {
    const { warehouse } = config;
    if (config.path !== undefined) {
      return dbtArtifacts.read(
        { path: config.path, ...(warehouse === undefined ? {} : { warehouse }) },
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
    const newest = async (status: string, atMost: number): Promise<Run[]> => {
      const query = { ...scope, status, order_by: '-finished_at', limit: String(atMost) };
      return (await client.get(runs, Runs, query)).data;
    };
    const good = await newest(ended.succeeded, lookedThroughAtMost);
    const [run] = good;
    if (run === undefined) {
      throw new SourceError(
        'dbt platform has no successful run there yet. Check the environment or job, or wait for its first good run.',
      );
    }
    const artifacts = await artifactsOf(client, `${runs}${run.id}`, ['manifest.json']);
    const columns = await newestCatalog(client, runs, good);
    if (columns) artifacts['catalog.json'] = columns.catalog;
    const [failed] = await newest(ended.failed, 1);
    const later = failed !== undefined && isLater(failed, run) ? failed : undefined;
    const measured = later ? await artifactsOf(client, `${runs}${later.id}`, resultFiles) : {};
    Object.assign(artifacts, await artifactsOf(client, `${runs}${run.id}`, resultFiles), measured);
    if (artifacts['manifest.json'] === undefined) {
      throw new SourceError(
        `Run ${run.id} left no manifest.json. Let the job run \`dbt build\` or \`dbt parse\`.`,
      );
    }
    const snapshot = await artifactsSnapshot(
      { folder: `run ${run.id}`, artifacts, warnings: [] },
      { warehouse },
      context.now,
      [],
    );
    const info: Record<string, string> = { ...snapshot.info, run: String(run.id) };
    if (columns && columns.run.id !== run.id) info.catalogOfRun = String(columns.run.id);
    if (later && Object.keys(measured).length > 0) info.resultsOfRun = String(later.id);
    if (typeof run.finished_at === 'string') info.finishedAt = run.finished_at;
    if (typeof run.git_sha === 'string') info.revision = run.git_sha;
    return { ...snapshot, info };
  },
} satisfies SourceConnector<Config>;

/** Runs among which columns are looked for. */
const lookedThroughAtMost = 8;

/**
 * The warehouse's columns, as the newest good run wrote them that generates docs: most jobs do not, and without them every column that nobody documented
 * would seem to be gone.
 */
async function newestCatalog(
  client: ApiClient,
  runs: string,
  good: readonly Run[],
): Promise<{ run: Run; catalog: Artifact } | undefined> {
  for (const run of good) {
    const catalog = await client.find(`${runs}${run.id}/artifacts/catalog.json`, Artifact);
    if (catalog !== undefined) return { run, catalog };
  }
  return undefined;
}

const resultFiles = ['run_results.json', 'sources.json'] as const;

/** Those of the files that a run left; a run that failed early leaves few. */
async function artifactsOf(
  client: ApiClient,
  run: string,
  names: readonly ('manifest.json' | (typeof resultFiles)[number])[],
): Promise<Artifacts> {
  const artifacts: Artifacts = {};
  for (const name of names) {
    const found = await client.find(`${run}/artifacts/${name}`, Artifact);
    if (found !== undefined) artifacts[name] = found;
  }
  return artifacts;
}

function isLater(one: Run, other: Run): boolean {
  const at = ({ finished_at: text }: Run): number => (text ? Date.parse(text) : Number.NaN);
  return at(one) > at(other);
}

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
