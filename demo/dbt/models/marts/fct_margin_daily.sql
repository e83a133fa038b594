with gpu_rental as (
    select date_day, region_code, sum(revenue_usd) as revenue_usd, sum(supplier_cost_usd) as cost_usd
    from {{ ref('int_allocation_hours_daily') }}
    group by date_day, region_code
),

inference as (
    select date_day, model_id, region_code, sum(revenue_usd) as revenue_usd, sum(compute_cost_usd) as cost_usd
    from {{ ref('int_inference_request_costs') }}
    group by date_day, model_id, region_code
)

select
    date_day,
    'inference' as product_line,
    model_id,
    region_code,
    round(revenue_usd, 6) as revenue_usd,
    round(cost_usd, 6) as cost_usd
from inference
union all
select
    date_day,
    'gpu_rental' as product_line,
    'none' as model_id,
    region_code,
    revenue_usd,
    cost_usd
from gpu_rental
