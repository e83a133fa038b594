select
    costs.date_day,
    costs.model_id,
    costs.region_code,
    customers.segment,
    count(*) as requests,
    count(*) filter (where costs.status = 'ok') as successful_requests,
    sum(costs.tokens)::numeric as tokens,
    round(sum(costs.revenue_usd), 6) as revenue_usd,
    round(sum(costs.compute_cost_usd), 6) as compute_cost_usd
from {{ ref('int_inference_request_costs') }} as costs
join {{ ref('stg_billing__customers') }} as customers on customers.customer_id = costs.customer_id
group by costs.date_day, costs.model_id, costs.region_code, customers.segment
