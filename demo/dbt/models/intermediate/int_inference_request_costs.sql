select
    requests.request_id,
    requests.date_day,
    requests.customer_id,
    requests.model_id,
    requests.region_code,
    requests.status,
    case when requests.status = 'ok' then requests.prompt_tokens + requests.completion_tokens else 0 end as tokens,
    case
        when requests.status = 'ok'
            then (requests.prompt_tokens * models.prompt_price_usd + requests.completion_tokens * models.completion_price_usd) / 1000000
        else 0
    end as revenue_usd,
    (requests.prompt_tokens + requests.completion_tokens)
    * (0.06 + models.parameters_billion * 0.006) * (0.9 + regions.power_price_usd) / 1000000 as compute_cost_usd
from {{ ref('stg_inference__inference_requests') }} as requests
join {{ ref('stg_inference__models') }} as models on models.model_id = requests.model_id
join {{ ref('stg_reference__regions') }} as regions on regions.region_code = requests.region_code
