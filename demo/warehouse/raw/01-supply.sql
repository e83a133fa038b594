-- What suppliers list: regions, suppliers, nodes and sixty days of heartbeats.
create table raw.regions (
    region_code text, region_name text, country text, power_price_usd numeric, loaded_at timestamptz
);
insert into raw.regions
select code, name, country, price, :now - interval '2900 minutes'
from (values
    ('eu-north', 'Europe North', 'SE', 0.06),
    ('eu-west', 'Europe West', 'IE', 0.14),
    ('us-east', 'US East', 'US', 0.10),
    ('us-west', 'US West', 'US', 0.12),
    ('ap-northeast', 'Asia Pacific Northeast', 'JP', 0.17)
) as list (code, name, country, price);

create table raw.suppliers (
    supplier_id integer, supplier_name text, country text, supplier_tier text, contact_name text,
    contact_email text, bank_account text, joined_on date, loaded_at timestamptz
);
insert into raw.suppliers
select
    n,
    first_word || ' ' || second_word,
    (array['SE', 'IE', 'US', 'JP', 'DE', 'NO'])[1 + floor(demo_gen.chance(:seed, 'country', n, 0) * 6)::integer],
    (array['gold', 'silver', 'silver', 'bronze'])[1 + n % 4],
    given || ' ' || family,
    lower(given || '.' || family) || '@' || lower(first_word) || n || '.example',
    'XX' || lpad((floor(demo_gen.chance(:seed, 'bank', n, 0) * 1e9))::bigint::text, 14, '0'),
    (:now at time zone 'UTC')::date - 200 - n * 17,
    :now - interval '180 minutes'
from generate_series(1, 24) as n
cross join lateral (
    select
        (array['Fjord', 'Granite', 'Harbour', 'Juniper', 'Kettle', 'Larch', 'Meadow', 'Nimbus', 'Orchard', 'Pylon', 'Quarry', 'Ridge'])[1 + n % 12] as first_word,
        (array['Compute', 'Racks'])[1 + n / 13] as second_word,
        (array['Ada', 'Bo', 'Cleo', 'Dag', 'Eva', 'Finn'])[1 + n % 6] as given,
        (array['Alm', 'Berg', 'Crane', 'Dahl', 'Eng'])[1 + n % 5] as family
) as words;

create table raw.nodes (
    node_id integer, supplier_id integer, region_code text, gpu_type text, gpu_count integer,
    hourly_price_usd numeric, supplier_rate_usd numeric, listed_on date, loaded_at timestamptz
);
insert into raw.nodes
select
    n,
    1 + n % 24,
    (array['eu-north', 'eu-west', 'us-east', 'us-west', 'ap-northeast'])[1 + floor(demo_gen.chance(:seed, 'region', n, 0) * 5)::integer],
    gpu.name,
    (array[2, 4, 8, 8])[1 + floor(demo_gen.chance(:seed, 'count', n, 0) * 4)::integer],
    gpu.price,
    round((gpu.price * (0.68 + 0.1 * demo_gen.chance(:seed, 'rate', n, 0)))::numeric, 3),
    (:now at time zone 'UTC')::date - 90 - n,
    :now - interval '180 minutes'
from generate_series(1, 120) as n
join (values (0, 'H100', 2.89), (1, 'A100', 1.69), (2, 'L40S', 0.99), (3, 'MI300X', 2.49)) as gpu (number, name, price)
    on gpu.number = floor(demo_gen.chance(:seed, 'gpu', n, 0) * 4)::integer;

create table raw.node_heartbeats (node_id integer, beat_hour timestamptz, online_minutes integer, loaded_at timestamptz);
insert into raw.node_heartbeats
select
    node.node_id,
    beat.hour,
    case
        when demo_gen.chance(:seed, 'beat', node.node_id, beat.number) < 0.004 + 0.0006 * (node.supplier_id % 7)
            then floor(demo_gen.chance(:seed, 'minutes', node.node_id, beat.number) * 44)::integer
        else 60
    end,
    least(beat.hour + interval '65 minutes', :now - make_interval(mins => :heartbeat_lag))
from (
    select hour, row_number() over (order by hour) as number
    from generate_series(:first_day, date_trunc('hour', :now - make_interval(mins => :heartbeat_lag)) - interval '1 hour', interval '1 hour') as hour
) as beat
cross join raw.nodes as node;
update raw.node_heartbeats set loaded_at = :now - make_interval(mins => :heartbeat_lag)
where node_id = 1 and beat_hour = (select max(beat_hour) from raw.node_heartbeats);
