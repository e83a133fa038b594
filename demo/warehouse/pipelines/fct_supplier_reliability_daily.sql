-- Rebuilds the days of marts.fct_supplier_reliability_daily that begin in [:partition_start, :partition_end), in UTC.
delete from marts.fct_supplier_reliability_daily
where date_day >= (:partition_start::timestamptz at time zone 'UTC')::date
  and date_day < (:partition_end::timestamptz at time zone 'UTC')::date;

insert into marts.fct_supplier_reliability_daily (date_day, supplier_id, region_code, promised_hours, online_hours, interruptions, available_gpu_hours)
select date_day, supplier_id, region_code, promised_hours, online_hours, interruptions, available_gpu_hours
from (
    select
        date_day,
        supplier_id,
        region_code,
        sum(promised_hours) as promised_hours,
        sum(online_hours) as online_hours,
        sum(interruptions) as interruptions,
        sum(available_gpu_hours) as available_gpu_hours
    from intermediate.int_node_availability_daily
    group by date_day, supplier_id, region_code
) as rebuilt
where date_day >= (:partition_start::timestamptz at time zone 'UTC')::date
  and date_day < (:partition_end::timestamptz at time zone 'UTC')::date;
