-- Rebuilds the days of marts.fct_inference_usage_daily that begin in [:partition_start, :partition_end), in UTC.
delete from marts.fct_inference_usage_daily
where date_day >= (:partition_start::timestamptz at time zone 'UTC')::date
  and date_day < (:partition_end::timestamptz at time zone 'UTC')::date;

insert into marts.fct_inference_usage_daily (date_day, model_id, region_code, segment, requests, successful_requests, tokens, revenue_usd, compute_cost_usd)
select date_day, model_id, region_code, segment, requests, successful_requests, tokens, revenue_usd, compute_cost_usd
from (
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
    from intermediate.int_inference_request_costs as costs
    join staging.stg_billing__customers as customers on customers.customer_id = costs.customer_id
    group by costs.date_day, costs.model_id, costs.region_code, customers.segment
) as rebuilt
where date_day >= (:partition_start::timestamptz at time zone 'UTC')::date
  and date_day < (:partition_end::timestamptz at time zone 'UTC')::date;
