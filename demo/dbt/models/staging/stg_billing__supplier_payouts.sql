select
    payout_id,
    supplier_id,
    period_month as month_start,
    accrued_usd,
    paid_usd,
    disputed_usd
from {{ source('billing', 'supplier_payouts') }}
