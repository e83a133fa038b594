select
    supplier_id,
    supplier_name,
    country,
    supplier_tier,
    left(contact_name, 1) || '.' as contact_name,
    '***@' || split_part(contact_email, '@', 2) as contact_email,
    '****' || right(bank_account, 4) as bank_account,
    joined_on
from {{ ref('dim_suppliers') }}
