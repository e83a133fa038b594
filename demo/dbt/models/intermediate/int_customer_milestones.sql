select
    customer_id,
    min(date_day) filter (where event_name = 'signed_up') as signed_up_on,
    min(date_day) filter (where event_name = 'first_request') as first_request_on,
    min(date_day) filter (where event_name = 'first_gpu_job') as first_gpu_job_on,
    min(date_day) filter (where event_name in ('first_request', 'first_gpu_job')) as activated_on,
    min(date_day) filter (where event_name = 'upgraded') as first_paid_on
from {{ ref('stg_product__product_events') }}
group by customer_id
