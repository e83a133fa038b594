select
    node_id,
    supplier_id,
    region_code,
    gpu_type,
    gpu_count,
    hourly_price_usd,
    supplier_rate_usd,
    listed_on
from {{ source('marketplace', 'nodes') }}
