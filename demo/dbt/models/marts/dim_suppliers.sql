select supplier_id, supplier_name, country, supplier_tier, contact_name, contact_email, bank_account, joined_on
from {{ ref('stg_marketplace__suppliers') }}
