with terms as (
    select customer_id, plan, mrr_usd, month_start from {{ ref('stg_billing__subscription_terms') }}
),

latest as (
    select max(month_start) as month_start from terms
),

ended as (
    select customer_id, (max(month_start) + interval '1 month')::date as month_start
    from terms
    group by customer_id
),

months as (
    select customer_id, plan, mrr_usd, month_start from terms
    union all
    select ended.customer_id, 'none' as plan, 0 as mrr_usd, ended.month_start
    from ended
    join latest on ended.month_start <= latest.month_start
)

select
    months.month_start,
    months.customer_id,
    customers.segment,
    months.plan,
    months.mrr_usd,
    coalesce(lag(months.mrr_usd) over (partition by months.customer_id order by months.month_start), 0) as previous_mrr_usd
from months
join {{ ref('stg_billing__customers') }} as customers on customers.customer_id = months.customer_id
