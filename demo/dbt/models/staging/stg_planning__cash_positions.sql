select
    month_start,
    cash_usd,
    net_burn_usd
from {{ source('planning', 'cash_positions') }}
