-- Who buys: accounts, their subscriptions month by month, invoices and what they did first.
create table raw.customers (
    customer_id integer, company_name text, contact_name text, contact_email text, phone text,
    billing_country text, segment text, signed_up_at timestamptz, loaded_at timestamptz
);
insert into raw.customers
select
    n,
    word || ' ' || kind || case when n > 480 then ' ' || n::text else '' end,
    given || ' ' || family,
    lower(given || '.' || family) || '@' || lower(word) || n || '.example',
    '+1-555-' || lpad((n * 7919 % 10000)::text, 4, '0'),
    (array['US', 'DE', 'SE', 'GB', 'JP', 'FR', 'BR'])[1 + floor(demo_gen.chance(:seed, 'billing', n, 0) * 7)::integer],
    case when draw < 0.6 then 'startup' when draw < 0.9 then 'growth' else 'enterprise' end,
    :now - interval '2 hours' - interval '1 minute' * floor(780000 * power(demo_gen.chance(:seed, 'signed', n, 0), 1.4)),
    :now - interval '45 minutes'
from generate_series(1, 600) as n
cross join lateral (
    select
        (array['Alder', 'Beacon', 'Cobalt', 'Delta', 'Ember', 'Falcon', 'Garnet', 'Heron', 'Indigo', 'Jasper', 'Kelp', 'Linden', 'Maple', 'Nova', 'Onyx', 'Pine', 'Quartz', 'Raven', 'Slate', 'Tundra'])[1 + n % 20] as word,
        (array['Labs', 'Systems', 'Robotics', 'Health', 'Games', 'Legal', 'Retail', 'Media'])[1 + (n / 20) % 8] as kind,
        (array['Ana', 'Ben', 'Cai', 'Dia', 'Eli', 'Fay', 'Gus', 'Hui', 'Ida', 'Jon', 'Kim', 'Lea'])[1 + n % 12] as given,
        (array['Ash', 'Brook', 'Cole', 'Dunn', 'Ellis', 'Ford', 'Gray', 'Hale', 'Irwin', 'Jones', 'Kerr'])[1 + n % 11] as family,
        demo_gen.chance(:seed, 'segment', n, 0) as draw
) as words;

create table raw.subscription_terms (
    term_id bigint, customer_id integer, plan text, mrr_usd numeric, term_start date, term_end date, loaded_at timestamptz
);
insert into raw.subscription_terms
select
    row_number() over (order by month, customer_id),
    customer_id,
    case when base < 200 then 'starter' when base < 1500 then 'team' else 'scale' end,
    round((base
        * (1 + 0.14 * floor(age / (3 + customer_id % 5)))
        * case when customer_id % 9 = 0 and age >= 5 then 0.75 else 1 end)::numeric, 2),
    month,
    (month + interval '1 month')::date,
    :now - interval '50 minutes'
from (
    select
        customer.customer_id,
        month::date as month,
        (row_number() over (partition by customer.customer_id order by month) - 1) as age,
        case customer.segment
            when 'startup' then 99 + 100 * (customer.customer_id % 2)
            when 'growth' then 499 + 250 * (customer.customer_id % 3)
            else 3000 + 1000 * (customer.customer_id % 6)
        end as base
    from raw.customers as customer
    cross join lateral (
        select date_trunc('month', customer.signed_up_at at time zone 'UTC') + interval '1 month' as first_month
    ) as start
    cross join lateral generate_series(
        start.first_month,
        least(
            date_trunc('month', :now at time zone 'UTC'),
            start.first_month + make_interval(months => floor(
                ln(1 - demo_gen.chance(:seed, 'life', customer.customer_id, 0)) / ln(1 - 0.024)
            )::integer)
        ),
        interval '1 month'
    ) as month
    where demo_gen.chance(:seed, 'pays', customer.customer_id, 0) < 0.74
) as months;

create table raw.invoices (
    invoice_id bigint, customer_id integer, issued_on date, due_on date, paid_on date, billing_email text, status text, loaded_at timestamptz
);
insert into raw.invoices
select
    invoice_id,
    customer_id,
    issued_on,
    issued_on + 30,
    paid_on,
    contact_email,
    case when paid_on is not null then 'paid' when issued_on + 30 < today then 'overdue' else 'open' end,
    :now - interval '55 minutes'
from (
    select
        term.term_id as invoice_id,
        term.customer_id,
        term.term_end as issued_on,
        customer.contact_email,
        (:now at time zone 'UTC')::date as today,
        case
            when demo_gen.chance(:seed, 'never', term.term_id, 0) > 0.015
                then nullif(least(
                    term.term_end + 4 + floor(power(demo_gen.chance(:seed, 'pay', term.term_id, 0), 2) * 50)::integer,
                    (:now at time zone 'UTC')::date + 1
                ), (:now at time zone 'UTC')::date + 1)
        end as paid_on
    from raw.subscription_terms as term
    join raw.customers as customer on customer.customer_id = term.customer_id
    where term.term_end <= (:now at time zone 'UTC')::date
) as invoiced;

create table raw.invoice_lines (invoice_id bigint, line_number integer, product_line text, amount_usd numeric, loaded_at timestamptz);
insert into raw.invoice_lines
select
    term.term_id,
    line.number,
    line.product_line,
    case line.number
        when 1 then term.mrr_usd
        else round((term.mrr_usd * line.share * (0.4 + demo_gen.chance(:seed, 'line', term.term_id, line.number)))::numeric, 2)
    end,
    :now - interval '55 minutes'
from raw.subscription_terms as term
cross join (values (1, 'platform_fee', 1.0), (2, 'inference', 1.6), (3, 'gpu_rental', 2.4)) as line (number, product_line, share)
where term.term_end <= (:now at time zone 'UTC')::date;

create table raw.product_events (event_id bigint, customer_id integer, event_name text, occurred_at timestamptz, loaded_at timestamptz);
insert into raw.product_events
select row_number() over (order by at, customer_id, name), customer_id, name, at, :now - interval '15 minutes'
from (
    select
        customer.customer_id,
        event.name,
        customer.signed_up_at
        + interval '1 hour' * floor(event.hours * power(demo_gen.chance(:seed, event.name, customer.customer_id, 1), 2)) as at
    from raw.customers as customer
    cross join (values ('signed_up', 0, 1.0), ('api_key_created', 30, 0.9), ('first_request', 330, 0.78), ('first_gpu_job', 500, 0.42)) as event (name, hours, share)
    where demo_gen.chance(:seed, event.name, customer.customer_id, 2) < event.share
    union all
    select customer_id, 'upgraded', min(term_start)::timestamp at time zone 'UTC'
    from raw.subscription_terms
    group by customer_id
) as events
where at <= :now - interval '15 minutes';
