select
    date_day,
    supplier_id,
    region_code,
    sum(promised_hours) as promised_hours,
    sum(online_hours) as online_hours,
    sum(interruptions) as interruptions,
    sum(available_gpu_hours) as available_gpu_hours
from {{ ref('int_node_availability_daily') }}
group by date_day, supplier_id, region_code
