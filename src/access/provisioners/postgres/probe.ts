import type { ClientBase } from 'pg';
import type { Holder, Probe, ProbeContext, ProbeSource, Right } from '../provisioner.js';
import { privilegesOf, type Target } from './statements.js';

/**
 * Every way by which roles hold privileges on a relation, as the server's own catalogs say: superuser, owner, PUBLIC, a
 * direct grant, or membership. `ours` is what was granted by a role that we grant as.
 */
const sourcesQuery = `
  with relation as (select oid, relowner, coalesce(relacl, acldefault('r', relowner)) as acl from pg_class where oid = $1::oid),
  entry as (
    select item.grantor, item.grantee, lower(item.privilege_type) as privilege, null::text as column_name
    from relation, aclexplode(relation.acl) as item
    union all
    select item.grantor, item.grantee, lower(item.privilege_type), attribute.attname::text
    from relation join pg_attribute as attribute on attribute.attrelid = relation.oid and attribute.attacl is not null and not attribute.attisdropped,
      aclexplode(attribute.attacl) as item
  ),
  person as (select oid, rolname, rolsuper from pg_roles where ($2::oid is not null and oid = $2::oid) or ($2::oid is null and rolcanlogin))
  select person.rolname::text as login, 'superuser' as kind, 'superuser' as by, false as ours, null as privilege, null as column_name
  from person where rolsuper
  union all
  select person.rolname, 'owner', owner.rolname, false, null, null
  from person, relation join pg_roles as owner on owner.oid = relation.relowner
  where not person.rolsuper and pg_has_role(person.oid, relation.relowner, 'usage')
  union all
  select person.rolname, 'role', 'pg_' || which || '_all_data', false, case which when 'read' then 'select' end, null
  from person, unnest(array['read', 'write']) as which
  where not person.rolsuper and pg_has_role(person.oid, 'pg_' || which || '_all_data', 'usage')
  union all
  select person.rolname,
    case when entry.grantee = 0 then 'public' when entry.grantee = person.oid then 'direct' else 'role' end,
    case when entry.grantee = 0 then 'PUBLIC' when entry.grantee = person.oid then grantor.rolname else role.rolname end,
    entry.grantee = person.oid and pg_has_role(current_user, entry.grantor, 'usage'),
    entry.privilege, entry.column_name
  from entry
  join person on not person.rolsuper and (entry.grantee = 0 or entry.grantee = person.oid or pg_has_role(person.oid, entry.grantee, 'usage'))
  left join pg_roles as grantor on grantor.oid = entry.grantor
  left join pg_roles as role on role.oid = entry.grantee
  where entry.grantee <> (select relowner from relation)
  order by 1, 2, 3`;

interface SourceRow {
  login: string;
  kind: ProbeSource['kind'];
  by: string | null;
  ours: boolean;
  privilege: string | null;
  column_name: string | null;
}

/** Asks the warehouse what the login can do now. */
export async function probeTarget(
  client: ClientBase,
  right: Right,
  target: Target,
  context: ProbeContext,
): Promise<Probe> {
  const keptColumns = new Set(
    context.keep.filter((item) => item.level === right.level).flatMap((item) => [...item.columns]),
  );
  const columns = right.columns.filter((column) => context.after === 'grant' || !keptColumns.has(column));
  const kept = new Set(
    context.keep.filter((item) => item.columns.length === 0).flatMap((item) => privilegesOf[item.level]),
  );
  const privileges = privilegesOf[right.level].filter((item) => context.after === 'grant' || !kept.has(item));
  const held = await client.query<{ ok: boolean; at: string; privilege: string }>(
    `select privilege, coalesce(name, '') as at,
       has_schema_privilege($1::oid, (select relnamespace from pg_class where oid = $2::oid), 'usage')
       and has_database_privilege($1::oid, current_database(), 'connect')
       and case when name is null then has_table_privilege($1::oid, $2::oid, privilege)
           else has_column_privilege($1::oid, $2::oid, name, privilege) end as ok
     from unnest($3::text[]) as privilege
     left join unnest($4::text[]) as name on true`,
    [target.loginOid, target.oid, privileges, columns],
  );
  const asked = held.rows.length > 0 && (right.columns.length === 0 || columns.length > 0);
  const granted = asked && held.rows.every((row) => row.ok);
  const anything = asked && held.rows.some((row) => row.ok);
  const can = context.after === 'grant' ? granted : anything;
  const sources = can ? await readSources(client, target, privileges, right.columns) : [];
  const what = right.level === 'write' ? 'read and write' : 'read';
  const place = `${target.schema}.${target.table}${right.columns.length > 0 ? ` (${right.columns.join(', ')})` : ''}`;
  const through = [...new Set(sources.map(spokenSource))].join('; ');
  return {
    can,
    sources,
    words: `${target.login} ${can ? 'can' : 'cannot'} ${what} ${place}${through ? ` (${through})` : ''}`,
  };
}

async function readSources(
  client: ClientBase,
  target: Target,
  privileges: readonly string[],
  columns: readonly string[],
): Promise<ProbeSource[]> {
  const rows = await client.query<SourceRow>(sourcesQuery, [target.oid, target.loginOid]);
  const relevant = rows.rows.filter(
    (row) =>
      (row.privilege === null || privileges.includes(row.privilege)) &&
      (row.column_name === null || columns.includes(row.column_name)),
  );
  return unique(relevant.map(asSource));
}

/** Everybody who can log in and read the relation, with where it comes from. */
export async function readHolders(client: ClientBase, relationOid: string): Promise<Holder[]> {
  const rows = await client.query<SourceRow>(sourcesQuery, [relationOid, null]);
  const readable = await client.query<{ login: string }>(
    `select rolname::text as login from pg_roles where rolcanlogin and (has_table_privilege(oid, $1::oid, 'select') or has_any_column_privilege(oid, $1::oid, 'select')
       or has_table_privilege(oid, $1::oid, 'insert, update, delete'))`,
    [relationOid],
  );
  const may = new Set(readable.rows.map((row) => row.login));
  const holders = new Map<string, Holder>();
  for (const row of rows.rows) {
    if (!may.has(row.login)) continue;
    const source = asSource(row);
    const key = `${row.login}\0${spokenSource(source)}`;
    const holder = holders.get(key) ?? { login: row.login, privileges: [], source };
    const privilege = row.privilege ?? 'all';
    const shown = row.column_name === null ? privilege : `${privilege} (${row.column_name})`;
    if (!holder.privileges.includes(shown)) holder.privileges.push(shown);
    holders.set(key, holder);
  }
  return [...holders.values()];
}

function asSource(row: SourceRow): ProbeSource {
  return {
    kind: row.kind,
    by: row.by ?? 'a role that is gone',
    ours: row.ours,
    ...(row.privilege === null ? {} : { privilege: row.privilege }),
  };
}

function unique(sources: readonly ProbeSource[]): ProbeSource[] {
  return [...new Map(sources.map((source) => [JSON.stringify(source), source])).values()];
}

/** `granted by steward_provisioner`, `through PUBLIC`, `through the role analysts`. */
export function spokenSource(source: ProbeSource): string {
  switch (source.kind) {
    case 'direct':
      return `granted by ${source.by}`;
    case 'public':
      return 'through PUBLIC, everybody';
    case 'role':
    case 'inherited':
      return `through the role ${source.by}`;
    case 'group':
      return `through the group ${source.by}`;
    case 'owner':
      return `as owner (${source.by})`;
    case 'superuser':
      return 'as superuser';
  }
}
