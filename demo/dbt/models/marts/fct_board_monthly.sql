with movements as (
    select month_start, sum(ending_mrr_usd - starting_mrr_usd) as net_new_mrr_usd
    from {{ ref('fct_mrr_monthly') }}
    group by month_start
)

select
    cash.month_start,
    cash.cash_usd,
    cash.net_burn_usd,
    coalesce(movements.net_new_mrr_usd, 0) * 12 as net_new_arr_usd
from {{ ref('stg_planning__cash_positions') }} as cash
left join movements on movements.month_start = cash.month_start
