select
    ticket_id,
    customer_id,
    requester_email,
    subject,
    priority,
    opened_at,
    (opened_at at time zone 'Europe/London')::date as opened_on,
    round(extract(epoch from (first_response_at - opened_at))::numeric / 3600, 2) as first_response_hours
from {{ source('support', 'support_tickets') }}
