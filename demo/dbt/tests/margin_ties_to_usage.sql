{{ config(tags=['reconciliation'], meta={'tolerance': '1 USD a day', 'ties_to': 'usage and rentals', 'owner': 'priya.raman@brightmill.example'}) }}
-- Usage revenue in the margin table equals the priced calls plus the priced rentals of the day.
with priced as (
    select date_day, sum(revenue_usd) as revenue_usd
    from (
        select date_day, revenue_usd from {{ ref('int_inference_request_costs') }}
        union all
        select date_day, revenue_usd from {{ ref('int_allocation_hours_daily') }}
    ) as parts
    group by date_day
),

margin as (
    select date_day, sum(revenue_usd) as revenue_usd
    from {{ ref('fct_margin_daily') }}
    group by date_day
)

select priced.date_day, margin.revenue_usd as margin_usd, priced.revenue_usd as priced_usd
from priced
left join margin on margin.date_day = priced.date_day
where abs(coalesce(margin.revenue_usd, 0) - priced.revenue_usd) > 1
