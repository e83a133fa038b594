select
    day::date as date_day,
    date_trunc('month', day)::date as month_start,
    date_trunc('week', day)::date as week_start,
    extract(isodow from day) > 5 as is_weekend
from generate_series(timestamp '2024-01-01', timestamp '2030-12-31', interval '1 day') as day
