select
    invoice_id,
    sum(amount_usd) as amount_usd,
    coalesce(sum(amount_usd) filter (where product_line = 'platform_fee'), 0) as platform_fee_usd
from {{ ref('stg_billing__invoice_lines') }}
group by invoice_id
