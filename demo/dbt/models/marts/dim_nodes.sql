select node_id, supplier_id, region_code, gpu_type, gpu_count, hourly_price_usd, listed_on
from {{ ref('stg_marketplace__nodes') }}
