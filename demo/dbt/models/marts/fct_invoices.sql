select
    invoices.invoice_id,
    invoices.customer_id,
    invoices.issued_on,
    invoices.due_on,
    invoices.paid_on,
    invoices.status,
    amounts.amount_usd,
    amounts.platform_fee_usd,
    case when invoices.status = 'overdue' then amounts.amount_usd else 0 end as overdue_usd,
    invoices.paid_on - invoices.issued_on as days_to_pay
from {{ ref('stg_billing__invoices') }} as invoices
join {{ ref('int_invoice_amounts') }} as amounts on amounts.invoice_id = invoices.invoice_id
