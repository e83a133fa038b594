select
    month_start,
    customer_id,
    segment,
    plan,
    previous_mrr_usd as starting_mrr_usd,
    case when previous_mrr_usd = 0 then mrr_usd else 0 end as new_mrr_usd,
    case when previous_mrr_usd > 0 then greatest(mrr_usd - previous_mrr_usd, 0) else 0 end as expansion_mrr_usd,
    case when mrr_usd > 0 then greatest(previous_mrr_usd - mrr_usd, 0) else 0 end as contraction_mrr_usd,
    case when mrr_usd = 0 then previous_mrr_usd else 0 end as churned_mrr_usd,
    mrr_usd as ending_mrr_usd,
    case when mrr_usd = 0 and previous_mrr_usd > 0 then 1 else 0 end as is_churned,
    case when previous_mrr_usd > 0 then 1 else 0 end as was_paying,
    case when mrr_usd > 0 then 1 else 0 end as is_paying
from {{ ref('int_customer_mrr_months') }}
