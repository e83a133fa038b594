{{ config(tags=['reconciliation'], meta={'tolerance': 'exact', 'ties_to': 'the payout ledger', 'owner': 'priya.raman@brightmill.example'}) }}
-- What is owed equals what is paid, disputed and outstanding, and nothing outstanding is below zero.
select month_start, supplier_id, accrued_usd, paid_usd, disputed_usd, outstanding_usd
from {{ ref('fct_supplier_payouts_monthly') }}
where accrued_usd <> paid_usd + disputed_usd + outstanding_usd or outstanding_usd < 0
