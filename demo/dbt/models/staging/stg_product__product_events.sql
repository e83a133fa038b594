select
    event_id,
    customer_id,
    event_name,
    occurred_at,
    (occurred_at at time zone 'UTC')::date as date_day
from {{ source('product', 'product_events') }}
