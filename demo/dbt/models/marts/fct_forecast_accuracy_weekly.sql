select
    forecasts.week_start,
    forecasts.region_code,
    forecasts.forecast_gpu_hours,
    actuals.actual_gpu_hours,
    abs(forecasts.forecast_gpu_hours - actuals.actual_gpu_hours) as absolute_error_gpu_hours
from {{ ref('stg_planning__demand_forecasts') }} as forecasts
join {{ ref('int_gpu_hours_weekly') }} as actuals
    on actuals.week_start = forecasts.week_start and actuals.region_code = forecasts.region_code
where actuals.days_seen = 7
