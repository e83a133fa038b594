{{ config(meta={'owner': 'hana.novak@brightmill.example'}) }}
-- No day sells more than it had. Days whose heartbeats are still coming in are left out.
with complete as (
    select max(date_day) as first_open_day
    from {{ ref('stg_marketplace__node_heartbeats') }}
)

select mart.date_day, sum(mart.sold_gpu_hours) as sold, sum(mart.available_gpu_hours) as available
from {{ ref('fct_gpu_hours_daily') }} as mart
join complete on mart.date_day < complete.first_open_day
group by mart.date_day
having sum(mart.sold_gpu_hours) > sum(mart.available_gpu_hours)
