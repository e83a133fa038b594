-- Rebuilds the days of marts.fct_gpu_hours_daily that begin in [:partition_start, :partition_end), in UTC.
delete from marts.fct_gpu_hours_daily
where date_day >= (:partition_start::timestamptz at time zone 'UTC')::date
  and date_day < (:partition_end::timestamptz at time zone 'UTC')::date;

insert into marts.fct_gpu_hours_daily (date_day, supplier_id, region_code, gpu_type, available_gpu_hours, sold_gpu_hours, nodes_listed, nodes_rented, revenue_usd, supplier_cost_usd)
select date_day, supplier_id, region_code, gpu_type, available_gpu_hours, sold_gpu_hours, nodes_listed, nodes_rented, revenue_usd, supplier_cost_usd
from (
    with availability as (
        select date_day, node_id, supplier_id, region_code, gpu_type, available_gpu_hours
        from intermediate.int_node_availability_daily
    ),

    sold as (
        select date_day, node_id, sold_gpu_hours, revenue_usd, supplier_cost_usd
        from intermediate.int_allocation_hours_daily
    )

    select
        availability.date_day,
        availability.supplier_id,
        availability.region_code,
        availability.gpu_type,
        sum(availability.available_gpu_hours) as available_gpu_hours,
        coalesce(sum(sold.sold_gpu_hours), 0) as sold_gpu_hours,
        count(*) as nodes_listed,
        count(sold.node_id) as nodes_rented,
        coalesce(sum(sold.revenue_usd), 0) as revenue_usd,
        coalesce(sum(sold.supplier_cost_usd), 0) as supplier_cost_usd
    from availability
    left join sold on sold.date_day = availability.date_day and sold.node_id = availability.node_id
    group by availability.date_day, availability.supplier_id, availability.region_code, availability.gpu_type
) as rebuilt
where date_day >= (:partition_start::timestamptz at time zone 'UTC')::date
  and date_day < (:partition_end::timestamptz at time zone 'UTC')::date;
