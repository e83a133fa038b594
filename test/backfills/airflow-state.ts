import type { Asked, Told } from './fake-server.js';

export const at = '2026-10-01T00:00:00Z';

interface Run {
  dag_run_id: string;
  logical_date: string;
  state: string;
  end_date: string | null;
  note: string | null;
  run_type: string;
}

/**
 * As much of Airflow 3 as an executor meets: unique run ids and logical dates, clear, notes, own backfills, tokens. With
 * `advancing`, every look at a run moves it on.
 */
export function airflowState(params: { advancing?: boolean } = {}) {
  const runs: Run[] = [];
  const backfills: { id: number; dag_run_conf: Record<string, unknown>; completed_at: string | null }[] = [];
  const state = {
    runs,
    backfills,
    token: 'first',
    tokensGiven: 0,
    lose: '' as '' | 'dagRuns' | 'clear' | 'backfills',
    runningTasks: 0,
  };
  const asRun = (run: Run) => ({
    ...run,
    dag_id: 'orders_daily',
    dag_display_name: 'orders_daily',
    run_after: at,
    dag_versions: [],
    conf: {},
    queued_at: at,
    start_date: null,
    data_interval_start: at,
    data_interval_end: at,
    last_scheduling_decision: null,
    triggered_by: 'rest_api',
    triggering_user_name: null,
    bundle_version: null,
    partition_key: null,
    duration: null,
  });
  const asBackfill = (one: (typeof backfills)[number]) => ({
    ...one,
    dag_id: 'orders_daily',
    dag_display_name: 'orders_daily',
    from_date: at,
    to_date: at,
    is_paused: false,
    reprocess_behavior: 'completed',
    max_active_runs: 2,
    created_at: at,
    updated_at: at,
  });
  const builds = new Map<string, number>();
  const built = (run: Run): void => {
    const day = run.logical_date.slice(0, 10);
    builds.set(day, (builds.get(day) ?? 0) + 1);
  };
  const answer = (asked: Pick<Asked, 'method' | 'path' | 'query' | 'body' | 'headers'>): Told => {
    const body = asked.body as Record<string, unknown>;
    if (asked.path === '/auth/token') {
      state.tokensGiven += 1;
      return { status: 201, body: { access_token: state.token } };
    }
    if (asked.headers.authorization !== `Bearer ${state.token}`)
      return { status: 401, body: { detail: 'Invalid JWT token' } };
    const path = asked.path.replace('/api/v2', '');
    const one = /^\/dags\/orders_daily\/dagRuns\/([^/]+)(\/\w+)?$/.exec(path);
    if (path === '/dags/orders_daily/dagRuns' && asked.method === 'GET') {
      const [from, to] = [
        Date.parse(asked.query.get('logical_date_gte') ?? ''),
        Date.parse(asked.query.get('logical_date_lte') ?? ''),
      ];
      const found = runs.filter(
        (run) => Date.parse(run.logical_date) >= from && Date.parse(run.logical_date) <= to,
      );
      return { status: 200, body: { dag_runs: found.map(asRun), total_entries: found.length } };
    }
    if (path === '/dags/orders_daily/dagRuns' && asked.method === 'POST') {
      if (runs.some((run) => run.dag_run_id === body.dag_run_id || run.logical_date === body.logical_date))
        return { status: 409, body: { detail: 'already exists' } };
      const run: Run = {
        dag_run_id: String(body.dag_run_id),
        logical_date: String(body.logical_date),
        state: 'queued',
        end_date: null,
        note: null,
        run_type: 'manual',
      };
      runs.push(run);
      built(run);
      return { status: 200, body: asRun(run), lost: state.lose === 'dagRuns' };
    }
    const run =
      one === null
        ? undefined
        : runs.find(({ dag_run_id }) => dag_run_id === decodeURIComponent(one[1] ?? ''));
    if (one !== null && run === undefined) return { status: 404, body: { detail: 'no such run' } };
    if (run !== undefined && one?.[2] === '/clear') {
      run.state = 'queued';
      run.end_date = null;
      built(run);
      return { status: 200, body: asRun(run), lost: state.lose === 'clear' };
    }
    if (run !== undefined && one?.[2] === '/taskInstances')
      return { status: 200, body: { task_instances: [], total_entries: state.runningTasks } };
    if (run !== undefined && asked.method === 'PATCH') {
      if (typeof body.note === 'string') run.note = body.note;
      if (body.state === 'failed') run.state = 'failed';
      return { status: 200, body: asRun(run) };
    }
    if (run !== undefined) {
      if (params.advancing && run.state === 'running') {
        run.state = 'success';
        run.end_date = new Date().toISOString();
      } else if (params.advancing && run.state === 'queued') run.state = 'running';
      return { status: 200, body: asRun(run) };
    }
    if (path === '/dags/orders_daily')
      return { status: 200, body: { dag_id: 'orders_daily', is_paused: false } };
    if (path === '/backfills/dry_run') return { status: 200, body: { backfills: [], total_entries: 2 } };
    if (path === '/backfills' && asked.method === 'GET')
      return { status: 200, body: { backfills: backfills.map(asBackfill), total_entries: backfills.length } };
    if (path === '/backfills' && asked.method === 'POST') {
      if (backfills.some(({ completed_at }) => completed_at === null))
        return { status: 409, body: { detail: 'There is already a running backfill for dag orders_daily' } };
      const made = {
        id: backfills.length + 1,
        dag_run_conf: body.dag_run_conf as Record<string, unknown>,
        completed_at: null,
      };
      backfills.push(made);
      return { status: 200, body: asBackfill(made), lost: state.lose === 'backfills' };
    }
    const mine = /^\/backfills\/(\d+)(\/cancel)?$/.exec(path);
    const backfill = backfills.find(({ id }) => id === Number(mine?.[1]));
    if (backfill !== undefined) {
      if (mine?.[2] !== undefined) backfill.completed_at = at;
      return { status: 200, body: asBackfill(backfill) };
    }
    return { status: 404, body: { detail: `no ${asked.method} ${asked.path}` } };
  };
  /** How often each day was built, by runs made and runs cleared. */
  return { state, answer, asRun, builds };
}
