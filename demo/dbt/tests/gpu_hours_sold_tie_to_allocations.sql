{{ config(tags=['reconciliation'], meta={'tolerance': '0.1 %', 'ties_to': 'the rental ledger', 'owner': 'hana.novak@brightmill.example'}) }}
-- GPU-hours sold per day equal the rentals of that day. Days whose heartbeats are still coming in are left out.
with complete as (
    select max(date_day) as first_open_day
    from {{ ref('stg_marketplace__node_heartbeats') }}
),

ledger as (
    select date_day, sum(gpu_hours) as gpu_hours
    from {{ ref('stg_marketplace__allocations') }}
    where status <> 'failed'
    group by date_day
),

mart as (
    select date_day, sum(sold_gpu_hours) as gpu_hours
    from {{ ref('fct_gpu_hours_daily') }}
    group by date_day
)

select ledger.date_day, mart.gpu_hours as mart_gpu_hours, ledger.gpu_hours as ledger_gpu_hours
from ledger
join complete on ledger.date_day < complete.first_open_day
left join mart on mart.date_day = ledger.date_day
where abs(coalesce(mart.gpu_hours, 0) - ledger.gpu_hours) > 0.001 * ledger.gpu_hours
