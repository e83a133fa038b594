select
    date_trunc('week', date_day)::date as week_start,
    region_code,
    sum(sold_gpu_hours) as actual_gpu_hours,
    count(distinct date_day) as days_seen
from {{ ref('int_allocation_hours_daily') }}
group by date_trunc('week', date_day)::date, region_code
