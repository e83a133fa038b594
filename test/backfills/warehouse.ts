import pg from 'pg';

/** A pipeline whose every committed rebuild of a day leaves one row in `rebuild_log`: how often did it really happen? */
export const ordersSql = `
-- Rebuilds days of marts.orders_daily.
delete from marts.orders_daily
where day >= (:partition_start::timestamptz at time zone 'UTC')::date
  and day < (:partition_end::timestamptz at time zone 'UTC')::date;

insert into marts.orders_daily (day, orders, amount)
select day, count(*), sum(amount) from raw.orders
where day >= (:partition_start::timestamptz at time zone 'UTC')::date
  and day < (:partition_end::timestamptz at time zone 'UTC')::date
group by day;

insert into marts.rebuild_log (day) values ((:partition_start::timestamptz at time zone 'UTC')::date);
`;

/** As above, but each day takes its time. */
export function slowSql(seconds: number): string {
  return `select pg_sleep(${seconds});${ordersSql}`;
}

export async function withWarehouse<Result>(
  url: string,
  body: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await body(client);
  } finally {
    await client.end();
  }
}

/** 5 orders a day for each day of October and November 2026; the mart is empty. */
export async function fillWarehouse(url: string): Promise<void> {
  await withWarehouse(url, async (client) => {
    await client.query(`
      create schema raw; create schema marts;
      create table raw.orders as
        select d::date as day, n as id, (extract(day from d)::int * 10 + n) as amount
        from generate_series('2026-10-01'::date, '2026-11-30'::date, '1 day') d, generate_series(1, 5) n;
      create table marts.orders_daily (day date primary key, orders int, amount int);
      create table marts.rebuild_log (day date not null);
    `);
  });
}

/** Day to how often it was rebuilt, and whether its rows are right. */
export async function rebuilds(url: string): Promise<Map<string, { times: number; right: boolean }>> {
  return withWarehouse(url, async (client) => {
    const { rows } = await client.query<{ day: string; times: string; correct: boolean }>(`
      select log.day::text, count(*) as times,
        bool_and(exists (
          select from marts.orders_daily mart where mart.day = log.day and mart.orders = 5
            and mart.amount = (select sum(amount) from raw.orders o where o.day = log.day)
        )) as correct
      from marts.rebuild_log log group by log.day order by log.day`);
    return new Map(rows.map((row) => [row.day, { times: Number(row.times), right: row.correct }]));
  });
}
