import type { StatsReply } from '../protocol.js';
import type { World } from '../world.js';
import type { Method } from './method.js';
import type { RateLimits } from './rate-limits.js';
import { readArguments, shownArguments } from './read-arguments.js';
import { SlackRefusal } from './refusal.js';

/** One call of the Web API, from token to answer. */
export interface ApiCall {
  method: string;
  authorization: string | undefined;
  contentType: string;
  body: string;
}
export interface ApiAnswer {
  status: number;
  headers: { [name: string]: string };
  body: { [key: string]: unknown };
  /** What the transport should do instead of answering. */
  trouble?: 'timeout' | 'reset';
}
export interface Api {
  call(call: ApiCall): Promise<ApiAnswer>;
  stats(): StatsReply['calls'];
}

/** Methods that put a message into a channel: one a second each. */
const posting = new Set(['chat.postMessage', 'chat.meMessage']);

export function makeApi(world: World, methods: ReadonlyMap<string, Method>, limits: RateLimits): Api {
  const stats: StatsReply['calls'] = { total: 0, byMethod: {}, refused: {} };

  async function answer(call: ApiCall): Promise<ApiAnswer> {
    const method = methods.get(call.method);
    if (method === undefined) return refusal('unknown_method', { req_method: call.method });
    const raw = readArguments(call);
    if (typeof raw === 'string') return refusal(raw);
    const token =
      call.authorization?.replace(/^Bearer ?/i, '') ?? (typeof raw.token === 'string' ? raw.token : '');
    const denied = checkToken(world, method, token);
    if (denied !== null) return refusal(denied);
    // Bolt adds the workspace to every call.
    const { token: _token, team_id: teamId, ...args } = raw;
    if (teamId !== undefined && teamId !== world.team.id) return refusal('team_access_not_granted');

    const fault = world.faults.take('slack', call.method);
    if (fault === 'rate_limited') return rateLimited(1);
    if (fault === 'http_500')
      return { status: 500, headers: {}, body: { ok: false, error: 'internal_error' } };
    if (fault === 'timeout' || fault === 'reset') return { status: 0, headers: {}, body: {}, trouble: fault };
    if (fault !== undefined && fault !== 'lost_answer') return refusal(fault);

    const waitSeconds = limits.call(method.name, method.tier);
    if (waitSeconds > 0) return rateLimited(waitSeconds);
    const needed = method.token === 'bot' ? method.scopes(world, args) : [];
    const headers = {
      'x-oauth-scopes': [...world.scopes].join(','),
      'x-accepted-oauth-scopes': needed.join(','),
    };
    if (needed.length > 0 && !needed.some((scope) => world.scopes.has(scope))) {
      return refusal(
        'missing_scope',
        { needed: needed.join(','), provided: [...world.scopes].join(',') },
        headers,
      );
    }
    if (posting.has(method.name)) {
      const postWait = limits.post(String(args.channel ?? ''));
      if (postWait > 0) return rateLimited(postWait);
    }
    try {
      const result = await method.run(world, args);
      // The work was done; only its answer gets lost on the way.
      if (fault === 'lost_answer') return { status: 0, headers: {}, body: {}, trouble: 'reset' };
      return { status: 200, headers, body: { ok: true, ...result } };
    } catch (error) {
      if (error instanceof SlackRefusal) return refusal(error.code, error.detail, headers);
      throw error;
    }
  }

  return {
    call: async (call) => {
      const startedMs = performance.now();
      const answered = await answer(call);
      const { body } = answered;
      stats.total += 1;
      stats.byMethod[call.method] = (stats.byMethod[call.method] ?? 0) + 1;
      if (body.ok === false) stats.refused[String(body.error)] = (stats.refused[String(body.error)] ?? 0) + 1;
      world.behind.add({
        kind: 'call',
        title: call.method,
        ok: body.ok === true,
        ms: Math.round((performance.now() - startedMs) * 10) / 10,
        detail: { request: withoutToken(shownArguments(call)), reply: body, status: answered.status },
      });
      return answered;
    },
    stats: () => structuredClone(stats),
  };
}

function refusal(
  error: string,
  detail: { [key: string]: unknown } = {},
  headers: { [name: string]: string } = {},
): ApiAnswer {
  return { status: 200, headers, body: { ok: false, error, ...detail } };
}
function rateLimited(seconds: number): ApiAnswer {
  return {
    status: 429,
    headers: { 'retry-after': String(seconds) },
    body: { ok: false, error: 'ratelimited' },
  };
}

function checkToken(world: World, method: Method, token: string): string | null {
  if (method.token === 'none') return null;
  if (token === '') return 'not_authed';
  if (method.token === 'app') {
    if (token === world.app.appToken) return null;
    return token.startsWith('xoxb-') ? 'not_allowed_token_type' : 'invalid_auth';
  }
  if (token === world.app.botToken) return null;
  return token === world.app.appToken ? 'not_allowed_token_type' : 'invalid_auth';
}

function withoutToken(raw: { [key: string]: unknown }): { [key: string]: unknown } {
  const { token: _token, ...rest } = raw;
  for (const [key, value] of Object.entries(rest)) {
    if (typeof value === 'string' && /^[[{]/.test(value)) {
      try {
        rest[key] = JSON.parse(value);
      } catch {
        rest[key] = value;
      }
    }
  }
  return rest;
}
