import { matchesGlob } from '../../../approvals/plan/match-rule.js';
import { callHttp, type HttpCall, parseAnswer } from '../http.js';
import {
  type Holder,
  type Provisioner,
  type ProvisionerContext,
  type ProvisionerKind,
  type Right,
  WarehouseRefusedError,
} from '../provisioner.js';
import { type OktaWarehouse, oktaUser, oktaUsers, oktaWarehouse } from './schema.js';

/**
 * Okta groups (management API v1): membership is the access. `PUT` and `DELETE` of a membership may be repeated; only groups of type
 * OKTA_GROUP can be changed (Okta's own rule, answered 403).
 */
export const oktaProvisioner: ProvisionerKind<OktaWarehouse> = {
  type: 'okta',
  config: oktaWarehouse,
  identity: 'email',
  make: makeOkta,
};

const pagesAtMost = 50;

function makeOkta(config: OktaWarehouse, context: ProvisionerContext): Provisioner {
  const base = config.url.replace(/\/$/, '');
  const host = new URL(base).host;

  function call(request: Omit<HttpCall, 'headers' | 'url'> & { path: string }) {
    const token = context.secret(config.token.env);
    if (!token) throw new WarehouseRefusedError(`Okta has no token: set ${config.token.env}.`, 'right');
    const url = request.path.startsWith('http') ? request.path : `${base}${request.path}`;
    return callHttp(context.fetch, { ...request, url, headers: { authorization: `SSWS ${token}` } });
  }

  function groupFor(right: Pick<Right, 'relation' | 'level'>): string {
    const found = config.groups.find(
      (item) => item.level === right.level && matchesGlob(item.relation, right.relation),
    );
    if (!found)
      throw new WarehouseRefusedError(
        `No Okta group is configured for ${right.level} on ${right.relation}.`,
        'relation',
      );
    return found.group;
  }

  async function userId(login: string, signal: AbortSignal): Promise<string> {
    const answer = await call({
      method: 'GET',
      path: `/api/v1/users/${encodeURIComponent(login)}`,
      signal,
      missing: 'login',
    });
    return parseAnswer(oktaUser, answer, host).id;
  }

  async function members(group: string, signal: AbortSignal) {
    const found: { id: string; login: string }[] = [];
    let path: string | null = `/api/v1/groups/${encodeURIComponent(group)}/users?limit=200`;
    for (let page = 0; path !== null && page < pagesAtMost; page += 1) {
      const answer = await call({ method: 'GET', path, signal, missing: 'relation' });
      for (const user of parseAnswer(oktaUsers, answer, host)) {
        found.push({ id: user.id, login: user.profile?.email ?? user.profile?.login ?? user.id });
      }
      path = nextPage(answer.headers.get('link'), base);
    }
    return found;
  }

  async function change(method: 'PUT' | 'DELETE', right: Right, signal: AbortSignal) {
    const group = groupFor(right);
    const user = await userId(right.login, signal);
    const path = `/api/v1/groups/${encodeURIComponent(group)}/users/${encodeURIComponent(user)}`;
    await call({
      method,
      path,
      signal,
      missing: 'relation',
      ...(method === 'DELETE' ? { also: [404] } : {}),
    });
    return { statements: [`${method} ${path}`] };
  }

  return {
    levels: ['read', 'masked', 'write'],
    columns: false,
    grant: (right, { signal }) => change('PUT', right, signal),
    revoke: (right, { signal }) => change('DELETE', right, signal),
    probe: async (right, { signal }) => {
      const group = groupFor(right);
      const user = await userId(right.login, signal);
      const can = (await members(group, signal)).some((member) => member.id === user);
      return {
        can,
        sources: can ? [{ kind: 'group', by: group, ours: true }] : [],
        words: `${right.login} is ${can ? '' : 'not '}in the Okta group ${group}`,
      };
    },
    who: async (relation, { signal }) => {
      const holders: Holder[] = [];
      for (const item of config.groups.filter((one) => matchesGlob(one.relation, relation))) {
        for (const member of await members(item.group, signal)) {
          holders.push({
            login: member.login,
            privileges: [item.level],
            source: { kind: 'group', by: item.group, ours: true },
          });
        }
      }
      return holders;
    },
  };
}

/** The `rel="next"` link of a page, if it stays on the same host. */
function nextPage(link: string | null, base: string): string | null {
  const next = /<([^>]+)>;\s*rel="next"/.exec(link ?? '')?.[1];
  return next?.startsWith(`${base}/`) ? next : null;
}
