select
    payouts.month_start,
    payouts.supplier_id,
    suppliers.supplier_tier,
    payouts.accrued_usd,
    payouts.paid_usd,
    payouts.disputed_usd,
    payouts.accrued_usd - payouts.paid_usd - payouts.disputed_usd as outstanding_usd
from {{ ref('stg_billing__supplier_payouts') }} as payouts
join {{ ref('stg_marketplace__suppliers') }} as suppliers on suppliers.supplier_id = payouts.supplier_id
