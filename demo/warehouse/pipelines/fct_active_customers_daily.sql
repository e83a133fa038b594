-- Rebuilds the days of marts.fct_active_customers_daily that begin in [:partition_start, :partition_end), in UTC.
delete from marts.fct_active_customers_daily
where date_day >= (:partition_start::timestamptz at time zone 'UTC')::date
  and date_day < (:partition_end::timestamptz at time zone 'UTC')::date;

insert into marts.fct_active_customers_daily (date_day, customer_id, requests, allocations)
select date_day, customer_id, requests, allocations
from (
    select date_day, customer_id, requests::numeric as requests, allocations::numeric as allocations
    from intermediate.int_customer_activity_daily
) as rebuilt
where date_day >= (:partition_start::timestamptz at time zone 'UTC')::date
  and date_day < (:partition_end::timestamptz at time zone 'UTC')::date;
