select
    customer_id,
    company_name,
    left(contact_name, 1) || '.' as contact_name,
    '***@' || split_part(contact_email, '@', 2) as contact_email,
    '******' || right(phone, 2) as phone,
    billing_country,
    segment,
    signed_up_on
from {{ ref('dim_customers') }}
