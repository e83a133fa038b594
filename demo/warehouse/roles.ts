import type { Client } from 'pg';
import { relationOf } from '../generate/compile.js';
import type { Project } from '../generate/project.js';

/** Owns everything in the warehouse; Steward grants and revokes as it. */
export const provisionerRole = 'steward_provisioner';
/** Reads the marts without personal data: metric values are queried as it, for people who may see them. */
export const readerRole = 'steward_reader';
/** Rebuilds the daily marts. */
export const pipelineRole = 'steward_pipelines';
/** What analytics engineers hold by their job: the open marts. */
export const openMartsRole = 'marts_open_reader';

/** The marts that carry none of these labels, as a list for GRANT. */
function martsWithout(project: Project, labels: readonly string[]): string {
  return project.models
    .filter(
      (model) => model.layer === 'marts' && !model.properties.config.tags.some((tag) => labels.includes(tag)),
    )
    .map(relationOf)
    .join(', ');
}

/** Roles belong to the whole server: another database, or an earlier start, may have made them already. */
async function ensureRole(client: Client, role: string, options: string): Promise<void> {
  const name = client.escapeIdentifier(role);
  await client.query(
    `do $do$ begin create role ${name} ${options}; exception when duplicate_object or unique_violation then null; end $do$`,
  );
}

async function database(client: Client): Promise<string> {
  const { rows } = await client.query<{ name: string }>('select current_database() as name');
  return client.escapeIdentifier(rows[0]?.name ?? '');
}

/** Hands everything to the provisioner, takes what PUBLIC had, and gives the service roles their least rights. */
export async function makeRoles(client: Client, project: Project): Promise<void> {
  await ensureRole(client, provisionerRole, 'login createrole');
  for (const role of [readerRole, pipelineRole, openMartsRole]) await ensureRole(client, role, 'nologin');
  const warehouse = await database(client);
  const open = martsWithout(project, ['pii', 'financial', 'confidential']);
  const countable = martsWithout(project, ['pii']);
  const daily = project.models
    .filter((model) => model.properties.config.tags.includes('daily-mart'))
    .map(relationOf)
    .join(', ');
  await client.query(`
    revoke all on database ${warehouse} from public;
    revoke all on schema public from public;
    grant connect, create, temporary on database ${warehouse} to ${provisionerRole};
    do $do$
    declare item record;
    begin
      for item in
        select format('alter %s %s owner to ${provisionerRole}',
          case relation.relkind when 'v' then 'view' else 'table' end, relation.oid::regclass) as statement
        from pg_class as relation
        join pg_namespace as namespace on namespace.oid = relation.relnamespace
        where namespace.nspname in ('raw', 'staging', 'intermediate', 'marts') and relation.relkind in ('r', 'v')
      loop
        execute item.statement;
      end loop;
      for item in select unnest(array['raw', 'staging', 'intermediate', 'marts']) as name loop
        execute format('alter schema %I owner to ${provisionerRole}', item.name);
      end loop;
    end $do$;
    grant usage on schema marts to ${readerRole}, ${openMartsRole};
    grant select on ${countable} to ${readerRole};
    grant select on ${open} to ${openMartsRole};
    grant usage on schema raw, staging, intermediate, marts to ${pipelineRole};
    grant select on all tables in schema raw, staging, intermediate to ${pipelineRole};
    grant select, insert, delete on ${daily} to ${pipelineRole};
    grant ${readerRole}, ${pipelineRole}, ${openMartsRole} to ${provisionerRole} with admin option;
  `);
}

/** Who logs in, and what they hold before Steward gives them anything. */
export interface Logins {
  /** May connect and see that the marts are there. */
  people: readonly string[];
  /** Of these: hold the open marts by their job, given by the provisioner and not by Steward's own grants. */
  openMarts: readonly string[];
  /** Absent: no password is set, and the server must trust the connection. */
  password?: ((login: string) => string) | undefined;
}

/** Makes each person's login with the least rights. */
export async function makeLogins(client: Client, { people, openMarts, password }: Logins): Promise<void> {
  const warehouse = await database(client);
  for (const login of people) {
    const name = client.escapeIdentifier(login);
    await ensureRole(client, login, 'login');
    if (password) await client.query(`alter role ${name} password ${client.escapeLiteral(password(login))}`);
    await client.query(
      `grant connect on database ${warehouse} to ${name}; grant usage on schema marts to ${name}`,
    );
    if (openMarts.includes(login)) await client.query(`grant ${openMartsRole} to ${name}`);
  }
}
