-- Draws that depend on the seed alone: the same warehouse on every machine.
create schema demo_gen;
create function demo_gen.chance(seed bigint, salt text, i bigint, j bigint) returns double precision
language sql immutable parallel safe
as $$ select (hashint8extended(i * 7919 + j, seed + hashtext(salt)) & 2147483647)::double precision / 2147483648 $$;
