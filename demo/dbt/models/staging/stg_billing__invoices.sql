select
    invoice_id,
    customer_id,
    issued_on,
    due_on,
    paid_on,
    billing_email,
    status
from {{ source('billing', 'invoices') }}
