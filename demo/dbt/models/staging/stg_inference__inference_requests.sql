select
    request_id,
    requested_at,
    (requested_at at time zone 'UTC')::date as date_day,
    customer_id,
    model_id,
    region_code,
    prompt_tokens,
    completion_tokens,
    ttft_ms,
    duration_ms,
    status
from {{ source('inference', 'inference_requests') }}
