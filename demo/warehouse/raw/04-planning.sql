-- What finance plans and pays: payouts, forecasts and cash.
create table raw.supplier_payouts (
    payout_id bigint, supplier_id integer, period_month date, accrued_usd numeric, paid_usd numeric, disputed_usd numeric, loaded_at timestamptz
);
insert into raw.supplier_payouts
select
    row_number() over (order by month, supplier_id),
    supplier_id,
    month::date,
    accrued,
    case when months_ago = 0 then 0 when months_ago = 1 then round(accrued * 0.6, 2) else accrued - disputed end,
    case when months_ago = 0 then 0 else disputed end,
    :now - interval '300 minutes'
from (
    select
        supplier.supplier_id,
        month,
        round((20000 + 90000 * demo_gen.chance(:seed, 'accrued', supplier.supplier_id, extract(month from month)::bigint))::numeric, 2) as accrued,
        case
            when demo_gen.chance(:seed, 'disputed', supplier.supplier_id, extract(month from month)::bigint) < 0.06 then 1500.00
            else 0
        end as disputed,
        (extract(year from age(date_trunc('month', :now at time zone 'UTC'), month)) * 12
            + extract(month from age(date_trunc('month', :now at time zone 'UTC'), month)))::integer as months_ago
    from raw.suppliers as supplier
    cross join generate_series(
        date_trunc('month', :now at time zone 'UTC') - interval '13 months',
        date_trunc('month', :now at time zone 'UTC'),
        interval '1 month'
    ) as month
) as owed;

create table raw.demand_forecasts (week_start date, region_code text, forecast_gpu_hours numeric, made_on date, loaded_at timestamptz);
insert into raw.demand_forecasts
with sold as (
    select
        date_trunc('week', allocation.started_at at time zone 'UTC')::date as week_start,
        node.region_code,
        sum(allocation.gpu_count * extract(epoch from (allocation.ended_at - allocation.started_at)) / 3600) as gpu_hours
    from raw.allocations as allocation
    join raw.nodes as node on node.node_id = allocation.node_id
    where allocation.status <> 'failed'
    group by 1, 2
),

usual as (
    select region_code, avg(gpu_hours) as gpu_hours
    from sold
    where week_start < date_trunc('week', :now at time zone 'UTC') and week_start > (:first_day at time zone 'UTC')::date
    group by region_code
)

select
    week::date,
    usual.region_code,
    round((usual.gpu_hours * (0.93 + 0.14 * demo_gen.chance(:seed, 'forecast' || usual.region_code, extract(week from week)::bigint, 0)))::numeric, 1),
    week::date - 3,
    :now - interval '2000 minutes'
from usual
cross join generate_series(
    date_trunc('week', :first_day at time zone 'UTC') + interval '1 week',
    date_trunc('week', :now at time zone 'UTC') + interval '4 weeks',
    interval '1 week'
) as week;

create table raw.cash_positions (month_start date, cash_usd numeric, net_burn_usd numeric, loaded_at timestamptz);
insert into raw.cash_positions
select
    month::date,
    round((42000000 - 900000 * number - 150000 * demo_gen.chance(:seed, 'cash', number, 0))::numeric, 2),
    round((780000 + 240000 * demo_gen.chance(:seed, 'burn', number, 0))::numeric, 2),
    :now - interval '9000 minutes'
from (
    select month, row_number() over (order by month) as number
    from generate_series(
        date_trunc('month', :now at time zone 'UTC') - interval '17 months',
        date_trunc('month', :now at time zone 'UTC') - interval '1 month',
        interval '1 month'
    ) as month
) as months;
