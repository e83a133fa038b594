select
    region_code,
    region_name,
    country,
    power_price_usd
from {{ source('reference', 'regions') }}
