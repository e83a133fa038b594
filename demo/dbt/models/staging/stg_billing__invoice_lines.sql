select
    invoice_id,
    line_number,
    product_line,
    amount_usd
from {{ source('billing', 'invoice_lines') }}
