import { z } from 'zod';
import { secretRef } from '../../../config/schema-values.js';
import { callHttp, parseAnswer } from '../http.js';
import {
  type Provisioner,
  type ProvisionerContext,
  type ProvisionerKind,
  type Right,
  WarehouseRefusedError,
} from '../provisioner.js';
import { splitRelation } from '../relation-name.js';

const databricksWarehouse = z.looseObject({
  name: z.string(),
  url: z.url({ protocol: /^https?$/ }),
  token: secretRef,
  /** Path before `/permissions`; the open-source catalog serves it under the same path. */
  basePath: z.string().default('/api/2.1/unity-catalog'),
});
type DatabricksWarehouse = z.infer<typeof databricksWarehouse>;

/** PermissionsList of Unity Catalog; a page may be empty and still name a next one. */
const permissions = z.object({
  privilege_assignments: z
    .array(z.object({ principal: z.string(), privileges: z.array(z.string()) }))
    .default([]),
  next_page_token: z.string().nullish(),
});

const privilegesOf = { read: ['SELECT'], masked: ['SELECT'], write: ['SELECT', 'MODIFY'] } as const;
const pagesAtMost = 50;

/** Unity Catalog grants: `changes[].add` and `remove` are set operations, so a change may be repeated. */
export const databricksProvisioner: ProvisionerKind<DatabricksWarehouse> = {
  type: 'databricks',
  config: databricksWarehouse,
  identity: 'email',
  make: makeDatabricks,
};

function makeDatabricks(config: DatabricksWarehouse, context: ProvisionerContext): Provisioner {
  const host = new URL(config.url).host;

  function call(method: 'GET' | 'PATCH', path: string, signal: AbortSignal, body?: unknown) {
    const token = context.secret(config.token.env);
    if (!token) throw new WarehouseRefusedError(`Databricks has no token: set ${config.token.env}.`, 'right');
    return callHttp(context.fetch, {
      method,
      url: `${config.url.replace(/\/$/, '')}${config.basePath}${path}`,
      signal,
      missing: 'relation',
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  const pathOf = (type: string, name: string) => `/permissions/${type}/${encodeURIComponent(name)}`;

  async function assignments(type: string, name: string, signal: AbortSignal) {
    const found: z.infer<typeof permissions>['privilege_assignments'] = [];
    let token: string | null = null;
    for (let page = 0; page < pagesAtMost; page += 1) {
      const query: string = token === null ? '' : `?page_token=${encodeURIComponent(token)}`;
      const list: z.infer<typeof permissions> = parseAnswer(
        permissions,
        await call('GET', `${pathOf(type, name)}${query}`, signal),
        host,
      );
      found.push(...list.privilege_assignments);
      token = list.next_page_token ?? null;
      if (token === null || token === '') break;
    }
    return found;
  }

  async function change(
    right: Right,
    how: 'add' | 'remove',
    privileges: readonly string[],
    signal: AbortSignal,
  ) {
    const { full } = securable(right.relation);
    const path = pathOf('table', full);
    await call('PATCH', path, signal, {
      changes: [
        {
          principal: right.login,
          add: how === 'add' ? privileges : [],
          remove: how === 'remove' ? privileges : [],
        },
      ],
    });
    return `PATCH ${path} ${how} ${privileges.join(', ')} for ${right.login}`;
  }

  return {
    levels: ['read', 'masked', 'write'],
    columns: false,
    grant: async (right, { signal }) => {
      const { catalog, schema } = securable(right.relation);
      const statements: string[] = [];
      const companions: string[] = [];
      for (const [type, name, privilege] of [
        ['catalog', catalog, 'USE CATALOG'],
        ['schema', schema, 'USE SCHEMA'],
      ] as const) {
        const held = (await assignments(type, name, signal)).some(
          (item) => item.principal === right.login && item.privileges.includes(privilege),
        );
        if (held) continue;
        await call('PATCH', pathOf(type, name), signal, {
          changes: [{ principal: right.login, add: [privilege], remove: [] }],
        });
        statements.push(`PATCH ${pathOf(type, name)} add ${privilege} for ${right.login}`);
        companions.push(`${type}:${name}`);
      }
      statements.push(await change(right, 'add', privilegesOf[right.level], signal));
      return { statements, companions };
    },
    revoke: async (right, { signal, keep, companions }) => {
      const kept = new Set<string>(keep.flatMap((item) => privilegesOf[item.level]));
      const privileges = privilegesOf[right.level].filter((privilege) => !kept.has(privilege));
      const statements = privileges.length === 0 ? [] : [await change(right, 'remove', privileges, signal)];
      for (const companion of companions) {
        const [type = '', name = ''] = companion.split(/:(.*)/s);
        const privilege = type === 'catalog' ? 'USE CATALOG' : 'USE SCHEMA';
        await call('PATCH', pathOf(type, name), signal, {
          changes: [{ principal: right.login, add: [], remove: [privilege] }],
        });
        statements.push(`PATCH ${pathOf(type, name)} remove ${privilege} for ${right.login}`);
      }
      return { statements };
    },
    probe: async (right, { signal, after, keep }) => {
      const { full } = securable(right.relation);
      const held = (await assignments('table', full, signal))
        .filter((item) => item.principal === right.login)
        .flatMap((item) => item.privileges);
      const kept = new Set<string>(keep.flatMap((item) => privilegesOf[item.level]));
      const wanted = privilegesOf[right.level].filter(
        (privilege) => after === 'grant' || !kept.has(privilege),
      );
      const can =
        after === 'grant'
          ? wanted.every((privilege) => held.includes(privilege))
          : wanted.some((privilege) => held.includes(privilege));
      return {
        can,
        sources: can ? [{ kind: 'direct', by: 'Unity Catalog', ours: true }] : [],
        words: `${right.login} ${can ? 'holds' : 'does not hold'} ${wanted.join(' and ') || 'anything more'} on ${full} (inherited privileges are not listed there)`,
      };
    },
    who: async (relation, { signal }) =>
      (await assignments('table', securable(relation).full, signal)).map((item) => ({
        login: item.principal,
        privileges: item.privileges,
        source: { kind: 'direct' as const, by: 'Unity Catalog', ours: false },
      })),
  };
}

function securable(relation: string): { full: string; catalog: string; schema: string } {
  const parts = splitRelation(relation);
  const [catalog, schema, table] = parts;
  if (parts.length !== 3 || !catalog || !schema || !table) {
    throw new WarehouseRefusedError(`"${relation}" does not name catalog, schema and table.`, 'relation');
  }
  return { full: parts.join('.'), catalog, schema: `${catalog}.${schema}` };
}
