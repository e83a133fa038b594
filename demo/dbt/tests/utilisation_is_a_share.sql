{{ config(meta={'owner': 'hana.novak@brightmill.example'}) }}
-- No day sells more than it had. Days whose heartbeats are still coming in are left out.
select date_day, sum(sold_gpu_hours) as sold, sum(available_gpu_hours) as available
from {{ ref('fct_gpu_hours_daily') }}
where date_day < (select max(date_day) from {{ ref('stg_marketplace__node_heartbeats') }})
group by date_day
having sum(sold_gpu_hours) > sum(available_gpu_hours)
