select
    heartbeats.date_day,
    heartbeats.node_id,
    nodes.supplier_id,
    nodes.region_code,
    nodes.gpu_type,
    count(*)::numeric as promised_hours,
    round(sum(heartbeats.online_minutes)::numeric / 60, 3) as online_hours,
    round(sum(heartbeats.online_minutes)::numeric / 60 * max(nodes.gpu_count), 3) as available_gpu_hours,
    count(*) filter (where heartbeats.online_minutes < 45) as interruptions
from {{ ref('stg_marketplace__node_heartbeats') }} as heartbeats
join {{ ref('stg_marketplace__nodes') }} as nodes on nodes.node_id = heartbeats.node_id
group by heartbeats.date_day, heartbeats.node_id, nodes.supplier_id, nodes.region_code, nodes.gpu_type
