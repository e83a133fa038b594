-- Rebuilds the days of marts.fct_support_tickets_daily that begin in [:partition_start, :partition_end), in Europe/London.
delete from marts.fct_support_tickets_daily
where opened_on >= (:partition_start::timestamptz at time zone 'Europe/London')::date
  and opened_on < (:partition_end::timestamptz at time zone 'Europe/London')::date;

insert into marts.fct_support_tickets_daily (opened_on, priority, tickets, first_response_hours, answered_tickets)
select opened_on, priority, tickets, first_response_hours, answered_tickets
from (
    select
        opened_on,
        priority,
        count(*) as tickets,
        coalesce(sum(first_response_hours), 0) as first_response_hours,
        count(first_response_hours) as answered_tickets
    from staging.stg_support__support_tickets
    group by opened_on, priority
) as rebuilt
where opened_on >= (:partition_start::timestamptz at time zone 'Europe/London')::date
  and opened_on < (:partition_end::timestamptz at time zone 'Europe/London')::date;
