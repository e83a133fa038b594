select
    opened_on,
    priority,
    count(*) as tickets,
    coalesce(sum(first_response_hours), 0) as first_response_hours,
    count(first_response_hours) as answered_tickets
from {{ ref('stg_support__support_tickets') }}
group by opened_on, priority
