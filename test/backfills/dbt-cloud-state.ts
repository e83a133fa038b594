import type { Asked, Told } from './fake-server.js';

const job = 42;
const times = { created_at: '2026-11-21T12:00:00Z', updated_at: '2026-11-21T12:00:00Z' };
const step =
  /^dbt run --select \w+ --event-time-start "(\d{4}-\d\d-\d\d)T00:00:00" --event-time-end "(\d{4}-\d\d-\d\d)T00:00:00"$/;

interface Run {
  id: number;
  status: number;
  cause: string;
  steps: string[];
  /** Listings after which the list shows it. */
  appears: number;
}

/**
 * As much of dbt Cloud as an executor meets: a job whose runs queue one behind the other, told twice runs twice, and shows what
 * caused a run only to whoever asks for it. Stricter than the real one where `late`: a run is not yet in the first list after it
 * was made. With `advancing`, every look at a run moves it on.
 */
export function dbtCloudState(params: { late?: boolean; advancing?: boolean } = {}) {
  const runs: Run[] = [];
  const state = { runs, clock: 0, lose: false };
  const envelope = (data: unknown) => ({
    data: Array.isArray(data) ? data.map((one) => ({ ...one, ...times })) : { ...Object(data), ...times },
    status: { code: 200, is_success: true, user_message: 'ok', developer_message: '' },
    extra: { filters: {}, order_by: '-id', pagination: { count: 1, total_count: 1 } },
  });
  const told = (data: unknown, lost = false): Told => ({ status: 200, body: envelope(data), lost });

  function start(sent: { cause?: unknown; steps_override?: unknown }): Told {
    const steps = Array.isArray(sent.steps_override) ? sent.steps_override.map(String) : [];
    if (typeof sent.cause !== 'string' || steps.length !== 1 || !step.test(steps[0] ?? ''))
      return { status: 400, body: { detail: `cannot run ${JSON.stringify(sent)}` } };
    const appears = state.clock + (state.lose ? 2 : params.late ? 1 : 0);
    const run: Run = { id: 100 + runs.length, status: 1, cause: sent.cause, steps, appears };
    runs.push(run);
    return told({ id: run.id, status: run.status, job_definition_id: job }, state.lose);
  }

  function list(query: URLSearchParams): Told {
    const causes = query.get('include_related')?.includes('trigger');
    const shown = runs.filter(({ appears }) => appears <= state.clock).toReversed();
    if (params.late) state.clock += 1;
    return told(
      shown.map(({ id, status, cause }) => ({
        id,
        status,
        ...(causes ? { trigger: { cause, job_definition_id: job } } : {}),
      })),
    );
  }

  function look(run: Run): Told {
    const behind = runs.some((other) => other.id < run.id && other.status < 10);
    if (params.advancing && run.status < 10 && !behind) run.status = run.status === 1 ? 3 : 10;
    return told({ id: run.id, status: run.status, status_message: 'as it is' });
  }

  const answer = ({ method, path, query, body }: Asked): Told => {
    if (method === 'POST' && path === `/api/v2/accounts/5/jobs/${job}/run/`) return start(Object(body));
    if (path === `/api/v2/accounts/5/jobs/${job}/`) return told({ id: job });
    if (path === '/api/v2/accounts/5/runs/') return list(query);
    const run = runs.find(({ id }) => path.includes(`/runs/${id}/`));
    if (run === undefined) return { status: 404, body: { detail: 'not found' } };
    return path.endsWith('/cancel/') ? told({ id: run.id, status: run.status }) : look(run);
  };

  /** Days that each run was told to rebuild. */
  const days = (): string[] =>
    runs.flatMap(({ steps }) => {
      const [, from = '', to = ''] = step.exec(steps[0] ?? '') ?? [];
      const found: string[] = [];
      for (let at = Date.parse(from); at < Date.parse(to); at += 86_400_000)
        found.push(new Date(at).toISOString().slice(0, 10));
      return found;
    });
  return { state, answer, days };
}
