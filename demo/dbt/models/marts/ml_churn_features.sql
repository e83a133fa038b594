with latest_month as (
    select max(month_start) as month_start from {{ ref('fct_mrr_monthly') }}
),

activity as (
    select customer_id, count(*) as active_days, sum(requests) as requests
    from {{ ref('fct_active_customers_daily') }}
    group by customer_id
),

tickets as (
    select customer_id, count(*) as tickets
    from {{ ref('stg_support__support_tickets') }}
    group by customer_id
)

select
    mrr.customer_id,
    mrr.segment,
    coalesce(activity.active_days, 0) as active_days,
    coalesce(activity.requests, 0) as requests,
    coalesce(tickets.tickets, 0) as tickets,
    mrr.ending_mrr_usd as mrr_usd
from {{ ref('fct_mrr_monthly') }} as mrr
join latest_month on latest_month.month_start = mrr.month_start
left join activity on activity.customer_id = mrr.customer_id
left join tickets on tickets.customer_id = mrr.customer_id
where mrr.is_paying = 1
