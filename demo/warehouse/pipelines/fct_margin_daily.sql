-- Rebuilds the days of marts.fct_margin_daily that begin in [:partition_start, :partition_end), in UTC.
delete from marts.fct_margin_daily
where date_day >= (:partition_start::timestamptz at time zone 'UTC')::date
  and date_day < (:partition_end::timestamptz at time zone 'UTC')::date;

insert into marts.fct_margin_daily (date_day, product_line, model_id, region_code, revenue_usd, cost_usd)
select date_day, product_line, model_id, region_code, revenue_usd, cost_usd
from (
    with gpu_rental as (
        select date_day, region_code, sum(revenue_usd) as revenue_usd, sum(supplier_cost_usd) as cost_usd
        from intermediate.int_allocation_hours_daily
        group by date_day, region_code
    ),

    inference as (
        select date_day, model_id, region_code, sum(revenue_usd) as revenue_usd, sum(compute_cost_usd) as cost_usd
        from intermediate.int_inference_request_costs
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
) as rebuilt
where date_day >= (:partition_start::timestamptz at time zone 'UTC')::date
  and date_day < (:partition_end::timestamptz at time zone 'UTC')::date;
