with activity as (
    select date_day, customer_id, 1 as requests, 0 as allocations
    from {{ ref('stg_inference__inference_requests') }}
    where status = 'ok'
    union all
    select date_day, customer_id, 0 as requests, 1 as allocations
    from {{ ref('stg_marketplace__allocations') }}
    where status <> 'failed'
)

select date_day, customer_id, sum(requests) as requests, sum(allocations) as allocations
from activity
group by date_day, customer_id
