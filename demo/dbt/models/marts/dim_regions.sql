select region_code, region_name, country, power_price_usd
from {{ ref('stg_reference__regions') }}
