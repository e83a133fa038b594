import { createHash } from 'node:crypto';
import { z } from 'zod';
import { readSecret } from '../common-config.js';
import { type ExecutorContext, ExecutorRefusedError, ExecutorUnavailableError } from '../executor.js';
import { type Answer, type Call, type Http, makeHttp, must } from '../http.js';
import { type AirflowConfig, type DagRun, dag, dagRun, dagRuns, taskInstances, token } from './schema.js';

export interface AirflowClient {
  http: Http;
  /** `/api/v2` or `/api/v1`. */
  api: string;
  call: <Body>(call: Call<Body>) => Promise<Answer<Body>>;
  dagPath: (dagId: string) => string;
  runPath: (dagId: string, runId: string) => string;
  run: (dagId: string, runId: string) => Promise<DagRun | null>;
  /** Runs whose logical date lies in [from, to], both included. */
  runsBetween: (dagId: string, from: Date, to: Date) => Promise<DagRun[]>;
  runningTasks: (dagId: string, runId: string) => Promise<number>;
  facts: (dagId: string) => Promise<{ fingerprint: string; warnings: string[] }>;
}

/** Airflow's REST API: v2 of Airflow 3, v1 of Airflow 2. Tokens are kept until they are refused. */
export function makeAirflowClient(config: AirflowConfig, context: ExecutorContext): AirflowClient {
  let bearer: Promise<string> | undefined;
  const api = config.version === 3 ? '/api/v2' : '/api/v1';

  async function headers(fresh: boolean): Promise<Record<string, string>> {
    const { auth } = config;
    if (auth.type === 'bearer')
      return { authorization: `Bearer ${readSecret(context.secret, auth.token, config.name)}` };
    if (auth.type === 'basic') {
      const password = readSecret(context.secret, auth.password, config.name);
      return { authorization: `Basic ${Buffer.from(`${auth.username}:${password}`).toString('base64')}` };
    }
    if (fresh) bearer = undefined;
    bearer ??= logIn(config, context);
    try {
      return { authorization: `Bearer ${await bearer}` };
    } catch (error) {
      bearer = undefined;
      throw error;
    }
  }

  const http = makeHttp({
    system: 'Airflow',
    fetch: context.fetch,
    baseUrl: config.url,
    timeoutMs: config.timeout,
    headers,
  });
  const dagPath = (dagId: string): string => `${api}/dags/${encodeURIComponent(dagId)}`;
  const runPath = (dagId: string, runId: string): string =>
    `${dagPath(dagId)}/dagRuns/${encodeURIComponent(runId)}`;

  return {
    http,
    api,
    call: (call) => http.call(call),
    dagPath,
    runPath,
    async run(dagId, runId) {
      const answer = await http.call({ method: 'GET', path: runPath(dagId, runId), answer: dagRun });
      if (answer.ok) return answer.body;
      if (answer.status === 404) return null;
      throw new ExecutorRefusedError(`Airflow refused: ${answer.detail} (${answer.status}).`);
    },
    async runsBetween(dagId, from, to) {
      const word = config.version === 3 ? 'logical_date' : 'execution_date';
      const found: DagRun[] = [];
      for (;;) {
        const page = await must(
          'Airflow',
          http.call({
            method: 'GET',
            path: `${dagPath(dagId)}/dagRuns`,
            query: {
              [`${word}_gte`]: from.toISOString(),
              [`${word}_lte`]: to.toISOString(),
              limit: 100,
              offset: found.length,
            },
            answer: dagRuns,
          }),
        );
        found.push(...page.dag_runs);
        if (page.dag_runs.length < 100 || found.length >= 5_000) return found;
      }
    },
    async runningTasks(dagId, runId) {
      const answer = await http.call({
        method: 'GET',
        path: `${runPath(dagId, runId)}/taskInstances`,
        query: { state: ['running'], limit: 1 },
        answer: taskInstances,
      });
      return answer.ok ? answer.body.total_entries : 0;
    },
    async facts(dagId) {
      const found = await http.call({ method: 'GET', path: dagPath(dagId), answer: dag });
      if (!found.ok) {
        throw new ExecutorRefusedError(
          found.status === 404
            ? `Airflow has no DAG called ${dagId}. Correct the catalog's \`executor\`.`
            : `Airflow refused: ${found.detail} (${found.status}).`,
        );
      }
      const { body } = found;
      const warnings: string[] = [];
      if (body.is_paused === true)
        warnings.push(`The DAG ${dagId} is paused in Airflow: its runs would stay queued.`);
      if (body.has_import_errors === true) warnings.push(`The DAG ${dagId} has import errors in Airflow.`);
      if (
        config.mode === 'backfills' &&
        body.allowed_run_types != null &&
        !body.allowed_run_types.includes('backfill')
      ) {
        warnings.push(`The DAG ${dagId} does not allow backfill runs.`);
      }
      const essence = [
        body.dag_id,
        body.timetable_summary ?? body.timetable_description ?? '',
        body.bundle_version ?? '',
      ];
      return { fingerprint: createHash('sha256').update(JSON.stringify(essence)).digest('hex'), warnings };
    },
  };
}

/** The token flow of the auth managers (simple, FAB: 201 with `access_token`; Keycloak: client credentials). */
async function logIn(config: AirflowConfig, context: ExecutorContext): Promise<string> {
  const { auth } = config;
  if (auth.type !== 'password' && auth.type !== 'client-credentials') throw new Error('no token is needed');
  const body =
    auth.type === 'password'
      ? { username: auth.username, password: readSecret(context.secret, auth.password, config.name) }
      : {
          client_id: auth.clientId,
          client_secret: readSecret(context.secret, auth.clientSecret, config.name),
        };
  const plain = makeHttp({
    system: 'Airflow',
    fetch: context.fetch,
    baseUrl: config.url,
    timeoutMs: config.timeout,
    headers: async () => ({}),
  });
  const answer = await plain.call({
    method: 'POST',
    path: auth.tokenPath,
    body,
    answer: token.or(z.null()),
    harmless: true,
  });
  if (answer.ok && answer.body !== null) return answer.body.access_token;
  if (answer.ok) throw new ExecutorUnavailableError('Airflow gave no token.');
  throw new ExecutorRefusedError(
    `Airflow gave no token: ${answer.detail} (${answer.status}). Check the credentials of ${config.name}.`,
  );
}
