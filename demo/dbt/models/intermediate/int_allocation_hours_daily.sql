select
    allocations.date_day,
    allocations.node_id,
    nodes.supplier_id,
    nodes.region_code,
    nodes.gpu_type,
    coalesce(sum(allocations.gpu_hours) filter (where allocations.status <> 'failed'), 0) as sold_gpu_hours,
    round(coalesce(sum(allocations.gpu_hours * allocations.price_usd) filter (where allocations.status <> 'failed'), 0), 2) as revenue_usd,
    round(coalesce(sum(allocations.gpu_hours * nodes.supplier_rate_usd) filter (where allocations.status <> 'failed'), 0), 2) as supplier_cost_usd,
    count(*) as allocations,
    count(*) filter (where allocations.status = 'failed') as failed_allocations
from {{ ref('stg_marketplace__allocations') }} as allocations
join {{ ref('stg_marketplace__nodes') }} as nodes on nodes.node_id = allocations.node_id
group by allocations.date_day, allocations.node_id, nodes.supplier_id, nodes.region_code, nodes.gpu_type
