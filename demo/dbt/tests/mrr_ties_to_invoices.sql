{{ config(tags=['reconciliation'], meta={'tolerance': '0.3 %', 'ties_to': 'billing', 'owner': 'priya.raman@brightmill.example'}) }}
-- Recurring revenue of a month equals the platform fees invoiced for it, within 0.3 %.
with invoiced as (
    select (date_trunc('month', issued_on) - interval '1 month')::date as month_start, sum(platform_fee_usd) as invoiced_usd
    from {{ ref('fct_invoices') }}
    group by 1
),

mrr as (
    select month_start, sum(ending_mrr_usd) as mrr_usd
    from {{ ref('fct_mrr_monthly') }}
    group by month_start
)

select mrr.month_start, mrr.mrr_usd, invoiced.invoiced_usd
from mrr
join invoiced on invoiced.month_start = mrr.month_start
where abs(mrr.mrr_usd - invoiced.invoiced_usd) > 0.003 * invoiced.invoiced_usd
