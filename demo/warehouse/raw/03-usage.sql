-- What they use: hosted models, sixty days of calls and rentals, and tickets.
create table raw.models (
    model_id text, model_name text, family text, parameters_billion numeric,
    prompt_price_usd numeric, completion_price_usd numeric, released_on date, loaded_at timestamptz
);
insert into raw.models
select id, name, family, parameters, prompt, completion, (:now at time zone 'UTC')::date - age, :now - interval '600 minutes'
from (values
    ('kestrel-8b', 'Kestrel 8B', 'kestrel', 8, 0.18, 0.30, 400),
    ('kestrel-70b', 'Kestrel 70B', 'kestrel', 70, 0.80, 1.10, 320),
    ('kestrel-405b', 'Kestrel 405B', 'kestrel', 405, 3.40, 4.20, 150),
    ('heron-vision-12b', 'Heron Vision 12B', 'heron', 12, 0.35, 0.55, 260),
    ('osprey-code-34b', 'Osprey Code 34B', 'osprey', 34, 0.60, 0.85, 210),
    ('wren-embed', 'Wren Embed', 'wren', 1, 0.09, 0.09, 500),
    ('lark-speech-2b', 'Lark Speech 2B', 'lark', 2, 0.14, 0.20, 130),
    ('swift-mini-3b', 'Swift Mini 3B', 'swift', 3, 0.12, 0.18, 60)
) as list (id, name, family, parameters, prompt, completion, age);

create table raw.inference_requests (
    request_id bigint, requested_at timestamptz, customer_id integer, model_id text, region_code text,
    prompt_tokens integer, completion_tokens integer, ttft_ms integer, duration_ms integer, status text, loaded_at timestamptz
);
insert into raw.inference_requests
select
    n,
    at,
    1 + floor(600 * power(demo_gen.chance(:seed, 'caller', n, 0), 2.2))::integer,
    model.id,
    (array['us-east', 'us-east', 'us-west', 'eu-west', 'eu-north', 'ap-northeast'])[1 + floor(demo_gen.chance(:seed, 'served', n, 0) * 6)::integer],
    prompt_tokens,
    completion_tokens,
    ttft_ms,
    ttft_ms + completion_tokens * model.ms_per_token + 5,
    case when demo_gen.chance(:seed, 'fails', n, 0) < 0.007 then 'error' else 'ok' end,
    least(at + interval '5 minutes', :now - interval '12 minutes')
from (
    select
        n,
        :first_day + (:now - interval '12 minutes' - :first_day) * power(n::double precision / 120000, 0.85) as at,
        least(floor(demo_gen.chance(:seed, 'model', n, 0) * 10)::integer, 9) as draw,
        50 + floor(3900 * power(demo_gen.chance(:seed, 'prompt', n, 0), 3))::integer as prompt_tokens,
        20 + floor(1400 * power(demo_gen.chance(:seed, 'completion', n, 0), 2))::integer as completion_tokens,
        70 + floor(-180 * ln(1 - demo_gen.chance(:seed, 'ttft', n, 0)))::integer as ttft_ms
    from generate_series(1, 120000) as n
) as calls
join (values
    (0, 'kestrel-8b', 8), (1, 'kestrel-8b', 8), (2, 'kestrel-8b', 8), (3, 'kestrel-70b', 22), (4, 'kestrel-70b', 22),
    (5, 'kestrel-405b', 45), (6, 'heron-vision-12b', 12), (7, 'osprey-code-34b', 16), (8, 'wren-embed', 2), (9, 'swift-mini-3b', 5)
) as model (draw, id, ms_per_token) on model.draw = calls.draw;

create table raw.allocations (
    allocation_id bigint, customer_id integer, node_id integer, started_at timestamptz, ended_at timestamptz,
    gpu_count integer, price_usd numeric, status text, loaded_at timestamptz
);
insert into raw.allocations
select
    row_number() over (order by started_at, node_id),
    1 + floor(600 * power(demo_gen.chance(:seed, 'renter', node_id, slot), 1.8))::integer,
    node_id,
    started_at,
    least(
        started_at + interval '1 minute' * floor(250 + 170 * demo_gen.chance(:seed, 'length', node_id, slot)),
        :now - interval '20 minutes'
    ),
    gpu_count,
    round((hourly_price_usd * (0.92 + 0.16 * demo_gen.chance(:seed, 'price', node_id, slot)))::numeric, 3),
    case
        when demo_gen.chance(:seed, 'ends', node_id, slot) < 0.02 then 'failed'
        when demo_gen.chance(:seed, 'ends', node_id, slot) < 0.05 then 'interrupted'
        else 'completed'
    end,
    least(started_at + interval '10 minutes', :now - interval '20 minutes')
from (
    select
        node.*,
        slot,
        :first_day + interval '8 hours' * slot
        + interval '1 minute' * floor(50 * demo_gen.chance(:seed, 'start', node.node_id, slot)) as started_at
    from raw.nodes as node
    cross join generate_series(0, 60 * 3 + 2) as slot
    where demo_gen.chance(:seed, 'rented', node.node_id, slot) < 0.80 + 0.0006 * slot
) as rentals
where started_at <= :now - interval '20 minutes';

create table raw.support_tickets (
    ticket_id bigint, customer_id integer, requester_email text, subject text, priority text,
    opened_at timestamptz, first_response_at timestamptz, loaded_at timestamptz
);
insert into raw.support_tickets
select
    n,
    ticket.customer_id,
    customer.contact_email,
    (array['Question about an invoice', 'Node went away during training', 'Slow first token', 'Key does not work', 'Please raise my limit'])[1 + n % 5]
    || ' (' || customer.contact_name || ')',
    case when ticket.draw < 0.2 then 'low' when ticket.draw < 0.85 then 'normal' else 'urgent' end,
    ticket.opened_at,
    case when ticket.opened_at < :now - interval '20 hours' then ticket.opened_at + interval '1 minute' * ticket.wait end,
    least(ticket.opened_at + interval '30 minutes', :now - interval '90 minutes')
from (
    select
        n,
        1 + floor(600 * demo_gen.chance(:seed, 'asks', n, 0))::integer as customer_id,
        demo_gen.chance(:seed, 'priority', n, 0) as draw,
        :first_day + (:now - interval '90 minutes' - :first_day) * (n / 1500.0) as opened_at,
        floor(10 + 600 * power(demo_gen.chance(:seed, 'wait', n, 0), 2)) as wait
    from generate_series(1, 1500) as n
) as ticket
join raw.customers as customer on customer.customer_id = ticket.customer_id;
