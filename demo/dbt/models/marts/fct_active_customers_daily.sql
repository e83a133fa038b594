select date_day, customer_id, requests::numeric as requests, allocations::numeric as allocations
from {{ ref('int_customer_activity_daily') }}
