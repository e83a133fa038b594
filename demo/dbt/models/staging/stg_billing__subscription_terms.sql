select
    term_id,
    customer_id,
    plan,
    mrr_usd,
    term_start as month_start
from {{ source('billing', 'subscription_terms') }}
