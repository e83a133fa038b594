select
    request_id,
    requested_at,
    date_day,
    customer_id,
    model_id,
    region_code,
    ttft_ms,
    round(completion_tokens * 1000.0 / nullif(duration_ms - ttft_ms, 0), 2) as output_tokens_per_second
from {{ ref('stg_inference__inference_requests') }}
where status = 'ok'
