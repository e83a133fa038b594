select
    node_id,
    beat_hour,
    (beat_hour at time zone 'UTC')::date as date_day,
    least(greatest(online_minutes, 0), 60) as online_minutes
from {{ source('marketplace', 'node_heartbeats') }}
