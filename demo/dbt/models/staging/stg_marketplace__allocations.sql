select
    allocation_id,
    customer_id,
    node_id,
    started_at,
    ended_at,
    (started_at at time zone 'UTC')::date as date_day,
    round(gpu_count * extract(epoch from (ended_at - started_at))::numeric / 3600, 3) as gpu_hours,
    price_usd,
    status
from {{ source('marketplace', 'allocations') }}
