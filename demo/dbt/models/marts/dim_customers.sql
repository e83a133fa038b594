select
    customer_id,
    company_name,
    contact_name,
    contact_email,
    phone,
    billing_country,
    segment,
    (signed_up_at at time zone 'UTC')::date as signed_up_on
from {{ ref('stg_billing__customers') }}
