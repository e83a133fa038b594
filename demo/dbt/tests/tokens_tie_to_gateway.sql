{{ config(tags=['reconciliation'], meta={'tolerance': '0.1 %', 'ties_to': 'the gateway', 'owner': 'grace.kim@brightmill.example'}) }}
-- Tokens served per day equal the tokens of the calls that the gateway wrote down.
with gateway as (
    select date_day, sum(prompt_tokens + completion_tokens) as tokens
    from {{ ref('stg_inference__inference_requests') }}
    where status = 'ok'
    group by date_day
),

mart as (
    select date_day, sum(tokens) as tokens
    from {{ ref('fct_inference_usage_daily') }}
    group by date_day
)

select gateway.date_day, mart.tokens as mart_tokens, gateway.tokens as gateway_tokens
from gateway
left join mart on mart.date_day = gateway.date_day
where abs(coalesce(mart.tokens, 0) - gateway.tokens) > 0.001 * gateway.tokens
