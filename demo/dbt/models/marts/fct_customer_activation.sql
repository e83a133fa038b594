select
    milestones.customer_id,
    customers.segment,
    milestones.signed_up_on,
    milestones.activated_on,
    milestones.first_paid_on,
    case when milestones.activated_on <= milestones.signed_up_on + 7 then 1 else 0 end as is_activated_in_7_days,
    case when milestones.first_paid_on is not null then 1 else 0 end as is_paid
from {{ ref('int_customer_milestones') }} as milestones
join {{ ref('stg_billing__customers') }} as customers on customers.customer_id = milestones.customer_id
