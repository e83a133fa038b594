import { availableParallelism, loadavg } from 'node:os';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { makeEmptyDatabase } from '../../test/helpers/database.js';
import { relationOf } from '../generate/compile.js';
import { dataTests } from '../generate/manifest/tests.js';
import { buildPipelines } from '../generate/pipelines.js';
import { lateToday, usualLagMinutes } from '../generate/planted.js';
import { readProject } from '../generate/project.js';
import { loadWarehouse } from './load.js';
import { withValues } from './sql-file.js';

const now = new Date('2026-11-16T09:10:00Z');
const login = 'demo_load_reader';
const engineer = 'demo_load_engineer';
const project = readProject();
let adminUrl: string;
let client: pg.Client;
let elapsedMs = 0;

async function open(url: string): Promise<pg.Client> {
  const opened = new pg.Client({ connectionString: url });
  await opened.connect();
  return opened;
}

async function one<Value>(sql: string, schema: z.ZodType<Value>, on = client): Promise<Value> {
  const { rows } = await on.query(sql);
  return schema.parse(Object.values(rows[0] ?? {})[0]);
}
const count = z.coerce.number();

/** Content of every raw table in one number, whatever order its rows lie in. */
async function fingerprint(on: pg.Client): Promise<Record<string, string>> {
  const prints: Record<string, string> = {};
  for (const { table } of project.sources) {
    const sql = `select sum(hashtextextended(row::text, 0)) from raw.${table.name} as row`;
    prints[table.name] = await one(sql, z.string(), on);
  }
  return prints;
}

beforeAll(async () => {
  ({ adminUrl } = await makeEmptyDatabase());
  client = await open(adminUrl);
  const began = performance.now();
  await loadWarehouse(client, { now, seed: 7, logins: [login, engineer], openMarts: [engineer] });
  elapsedMs = performance.now() - began;
});
afterAll(() => client.end());

describe('loading the warehouse', () => {
  it('takes at most five seconds for a few hundred thousand rows', async () => {
    const rows = await one('select sum(n_live_tup) from pg_stat_user_tables', count);
    expect(rows).toBeGreaterThan(300_000);
    // Five seconds on a machine of its own; where others work on it too, that much more.
    const crowd = Math.max(1, (loadavg()[0] ?? 1) / availableParallelism());
    expect(elapsedMs).toBeLessThan(5_000 * crowd);
  });

  it('gives the same rows for the same seed, and others for another', { timeout: 90_000 }, async () => {
    const again = await makeEmptyDatabase();
    const second = await open(again.adminUrl);
    try {
      await loadWarehouse(second, { now, seed: 7 });
      expect(await fingerprint(second)).toEqual(await fingerprint(client));
      await loadWarehouse(second, { now, seed: 8 });
      expect(await fingerprint(second)).not.toEqual(await fingerprint(client));
    } finally {
      await second.end();
    }
  });

  it('gives every relation the columns and types that the project promises', async () => {
    const { rows } = await client.query<{ relation: string; columns: string[] }>(
      `select table_schema || '.' || table_name as relation, array_agg(column_name || ' ' || data_type order by ordinal_position) as columns
       from information_schema.columns where table_schema in ('raw', 'staging', 'intermediate', 'marts') group by 1`,
    );
    const promised = [
      ...project.models.map((model) => ({ relation: relationOf(model), columns: model.properties.columns })),
      ...project.sources.map((source) => ({ relation: relationOf(source), columns: source.table.columns })),
    ].map(({ relation, columns }) => ({
      relation,
      columns: columns.map((column) => `${column.name} ${column.data_type}`),
    }));
    const byName = (a: { relation: string }, b: { relation: string }): number =>
      a.relation < b.relation ? -1 : 1;
    expect(rows.sort(byName)).toEqual(promised.sort(byName));
  });

  it('passes every data test of the project, tie-outs included', async () => {
    const failing: string[] = [];
    for (const test of dataTests(project)) {
      const failures = await one(`select count(*) from (\n${test.sql(relationOf)}\n) as broken`, count);
      if (failures > 0) failing.push(`${test.name}: ${failures}`);
    }
    expect(failing).toEqual([]);
  });

  it('answers the example query of every metric with rows', async () => {
    const silent: string[] = [];
    for (const { metric } of project.metrics) {
      const query = z.string().parse(metric.config.meta.example_query);
      const { rows } = await client.query(query);
      const value = rows.at(-1)?.[metric.name];
      if (rows.length === 0 || value === undefined) silent.push(metric.name);
    }
    expect(silent).toEqual([]);
  });

  it('holds plausible numbers', async () => {
    const share = async (sql: string, low: number, high: number): Promise<void> => {
      const value = await one(sql, count);
      expect(value, sql).toBeGreaterThan(low);
      expect(value, sql).toBeLessThan(high);
    };
    await share(
      'select sum(sold_gpu_hours) / sum(available_gpu_hours) from marts.fct_gpu_hours_daily',
      0.5,
      0.95,
    );
    await share(
      'select sum(revenue_usd - cost_usd) / sum(revenue_usd) from marts.fct_margin_daily',
      0.1,
      0.6,
    );
    await share('select sum(is_churned)::numeric / sum(was_paying) from marts.fct_mrr_monthly', 0.005, 0.06);
    await share(
      'select sum(online_hours) / sum(promised_hours) from marts.fct_supplier_reliability_daily',
      0.97,
      1,
    );
    await share('select avg(is_activated_in_7_days) from marts.fct_customer_activation', 0.3, 0.9);
  });

  it('is as late as the freshness results say', async () => {
    for (const { table } of project.sources) {
      const lag = table.name === lateToday.table ? lateToday.lagMinutes : usualLagMinutes[table.name];
      const seconds = await one(
        `select extract(epoch from timestamptz '${now.toISOString()}' - max(loaded_at)) from raw.${table.name}`,
        count,
      );
      expect(Math.abs(seconds / 60 - (lag ?? 0)), table.name).toBeLessThan(15);
    }
  });
});

describe('rebuilding a daily mart', () => {
  it.each(buildPipelines(project))(
    '$name comes out the same, day by day',
    async ({ relation, column, sql }) => {
      const content = `select coalesce(sum(hashtextextended(mart::text, 0)), 0) from ${relation} as mart`;
      const before = await one(content, z.string());
      const bounds = { partition_start: "'2026-11-09T00:00:00Z'", partition_end: "'2026-11-12T00:00:00Z'" };
      const rows = `select count(*) from ${relation} where ${column} between '2026-11-09' and '2026-11-11'`;
      expect(await one(rows, count)).toBeGreaterThan(0);
      await client.query(withValues(sql, bounds));
      expect(await one(content, z.string())).toBe(before);
      await client.query(`delete from ${relation} where ${column} between '2026-11-09' and '2026-11-11'`);
      expect(await one(content, z.string())).not.toBe(before);
      await client.query(withValues(sql, bounds));
      expect(await one(content, z.string())).toBe(before);
    },
  );
});

describe('rights in the warehouse', () => {
  const attempt = async (role: string, sql: string): Promise<string> => {
    const name = client.escapeIdentifier(role);
    await client.query('begin');
    try {
      await client.query(`set local role ${name}`);
      const { rowCount } = await client.query(sql);
      return `${rowCount ?? 0} rows`;
    } catch (error) {
      return error instanceof pg.DatabaseError ? (error.code ?? 'error') : String(error);
    } finally {
      await client.query('rollback');
    }
  };
  const denied = '42501';

  it('let a person connect and read nothing', async () => {
    for (const model of project.models) {
      expect(await attempt(login, `select 1 from ${relationOf(model)} limit 1`), model.name).toBe(denied);
    }
    expect(await attempt(login, 'create table public.mine (id int)')).toBe(denied);
    expect(await attempt(login, 'create temporary table mine (id int)')).toBe(denied);
  });

  it('let the provisioner give and take any mart', async () => {
    const give = `grant select on marts.dim_customers to ${login}; revoke select on marts.dim_customers from ${login}`;
    expect(await attempt('steward_provisioner', give)).not.toBe(denied);
  });

  it('let an analytics engineer read the open marts and no labelled one', async () => {
    expect(await attempt(engineer, 'select 1 from marts.fct_gpu_hours_daily limit 1')).toBe('1 rows');
    expect(await attempt(engineer, 'select 1 from marts.fct_mrr_monthly limit 1')).toBe(denied);
    expect(await attempt(engineer, 'select 1 from marts.dim_customers limit 1')).toBe(denied);
  });

  it('let the value reader count money but see no personal data, and write nothing', async () => {
    expect(await attempt('steward_reader', 'select 1 from marts.fct_mrr_monthly limit 1')).toBe('1 rows');
    expect(await attempt('steward_reader', 'select 1 from marts.dim_customers limit 1')).toBe(denied);
    expect(await attempt('steward_reader', 'delete from marts.fct_gpu_hours_daily')).toBe(denied);
  });

  it('let the pipelines rebuild daily marts and touch nothing else', async () => {
    const rebuild = 'delete from marts.fct_margin_daily where date_day = current_date';
    expect(await attempt('steward_pipelines', rebuild)).toBe('0 rows');
    expect(await attempt('steward_pipelines', 'delete from marts.dim_customers')).toBe(denied);
    expect(await attempt('steward_pipelines', 'delete from raw.invoices')).toBe(denied);
  });

  it('leave nothing to PUBLIC', async () => {
    const grants = await one(
      `select count(*) from pg_class as relation join pg_namespace as namespace on namespace.oid = relation.relnamespace,
         aclexplode(relation.relacl) as given
       where namespace.nspname in ('raw', 'staging', 'intermediate', 'marts') and given.grantee = 0`,
      count,
    );
    expect(grants).toBe(0);
    const database = `select count(*) from pg_database, aclexplode(datacl) as acl where datname = current_database() and acl.grantee = 0`;
    expect(await one(database, count)).toBe(0);
  });
});
