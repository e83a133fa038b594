import type { Asked, Told } from './fake-server.js';

const at = '2026-11-21T12:00:00Z';
/** What every look at a run leads to next, where a worker is at it. */
const next: Record<string, string> = { SCHEDULED: 'PENDING', PENDING: 'RUNNING', RUNNING: 'COMPLETED' };

interface Run {
  id: string;
  idempotency_key: string;
  state: { id: string; type: string; timestamp: string };
  parameters: Record<string, unknown>;
}

export const deploymentId = '7c1f6a52-7a4d-4f6f-9d3e-0f4b8a1c2d3e';

/**
 * As much of Prefect 3 as an executor meets: a deployment, found by `flow/name` or its id, where one idempotency key makes one
 * run however often it is sent. With `advancing`, every look at a run moves it on.
 */
export function prefectState(params: { deployment: string; paused?: boolean; advancing?: boolean }) {
  const runs: Run[] = [];
  const state = { runs, lose: false };
  const stamped = { created: at, updated: at, flow_id: deploymentId };
  const asRun = (run: Run) => ({ ...run, ...stamped, name: 'r' });
  const deployment = {
    ...stamped,
    id: deploymentId,
    name: params.deployment.split('/').at(-1),
    paused: params.paused === true,
  };

  function start(sent: Record<string, unknown>): Told {
    const there = runs.find(({ idempotency_key }) => idempotency_key === sent.idempotency_key);
    if (there !== undefined) return { status: 200, body: asRun(there) };
    const run: Run = {
      id: crypto.randomUUID(),
      idempotency_key: String(sent.idempotency_key),
      state: { id: crypto.randomUUID(), type: 'SCHEDULED', timestamp: at },
      parameters: Object(sent.parameters),
    };
    runs.push(run);
    // The published document names only 200; the server answers 201 to a run it has just made.
    return { status: 200, body: asRun(run), lost: state.lose };
  }

  function find(sent: { flow_runs: { idempotency_key: { any_: string[] } } }): Told {
    const wanted = sent.flow_runs.idempotency_key.any_;
    const found = runs.filter(({ idempotency_key }) => wanted.includes(idempotency_key));
    return { status: 200, body: found.map(asRun) };
  }

  const answer = ({ method, path, body }: Asked): Told => {
    if (path === `/deployments/name/${params.deployment}` || path === `/deployments/${deploymentId}`)
      return { status: 200, body: deployment };
    if (path === '/flow_runs/filter') return find(Object(body));
    if (path === `/deployments/${deploymentId}/create_flow_run`) return start(Object(body));
    const run = runs.find(({ id }) => path.startsWith(`/flow_runs/${id}`));
    if (run === undefined) return { status: 404, body: { detail: `no ${method} ${path}` } };
    if (path.endsWith('/set_state')) {
      run.state.type = 'CANCELLING';
      const details = { type: 'accept_details' };
      return { status: 200, body: { state: run.state, status: 'ACCEPT', details } };
    }
    if (params.advancing) run.state.type = next[run.state.type] ?? run.state.type;
    return { status: 200, body: asRun(run) };
  };

  /** First days of the partitions that each run was told to rebuild. */
  const days = (): string[] => runs.map((run) => String(run.parameters.partition_start).slice(0, 10));
  return { state, answer, days };
}
