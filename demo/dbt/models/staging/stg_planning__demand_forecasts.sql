select
    week_start,
    region_code,
    forecast_gpu_hours,
    made_on
from {{ source('planning', 'demand_forecasts') }}
