select
    customer_id,
    company_name,
    contact_name,
    contact_email,
    phone,
    billing_country,
    segment,
    signed_up_at
from {{ source('billing', 'customers') }}
