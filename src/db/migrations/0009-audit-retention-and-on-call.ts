import { type Kysely, sql } from 'kysely';

/**
 * Oldest code this level serves: 0.1.0.
 *
 * Audit rows may be deleted by nobody but the function below, which runs with the rights of the role that migrates. The role that serves may
 * call it, and it obeys only as far as `audit_retention` allows, which that role cannot write: whoever takes over the serving process
 * cannot make yesterday disappear. `now()` is meant here: it is the one clock that such a person cannot move.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table audit_retention (
      id int primary key check (id = 1),
      keep interval not null
    );
    insert into audit_retention values (1, interval '2555 days');

    -- Where the chain begins since rows were deleted. One row; its seal_mac covers the others with STEWARD_AUDIT_KEY.
    create table audit_purge (
      id int primary key check (id = 1),
      through_seq bigint not null,
      through_mac text not null,
      through_at timestamptz not null,
      at timestamptz not null,
      seal_mac text not null
    );

    create function purge_audit(
      p_through bigint, p_through_mac text, p_through_at timestamptz, p_at timestamptz, p_seal_mac text
    ) returns bigint language plpgsql security definer set search_path = pg_catalog, public as $$
    declare
      deleted bigint;
      newest timestamptz;
    begin
      select max(at) into newest from audit where seal_seq <= p_through;
      if newest is null or date_trunc('milliseconds', newest) <> p_through_at
        or not exists (select from audit where seal_seq = p_through and seal_mac = p_through_mac) then
        raise exception 'the chain has no such row to purge up to: %', p_through;
      end if;
      if newest > now() - (select keep from audit_retention where id = 1) then
        raise exception 'audit rows of % must still be kept', newest using errcode = 'check_violation';
      end if;
      insert into audit_purge values (1, p_through, p_through_mac, p_through_at, p_at, p_seal_mac)
        on conflict (id) do update set through_seq = excluded.through_seq, through_mac = excluded.through_mac,
          through_at = excluded.through_at, at = excluded.at, seal_mac = excluded.seal_mac;
      delete from audit_head where seal_seq <= p_through;
      delete from audit where seal_seq <= p_through;
      get diagnostics deleted = row_count;
      return deleted;
    end $$;

    -- Rows of a time without a key have no chain to begin anew.
    create function purge_unsealed_audit(p_before timestamptz, p_limit int) returns bigint
      language plpgsql security definer set search_path = pg_catalog, public as $$
    declare deleted bigint;
    begin
      if p_before > now() - (select keep from audit_retention where id = 1) then
        raise exception 'audit rows of % must still be kept', p_before using errcode = 'check_violation';
      end if;
      delete from audit where id in (
        select id from audit where seal_seq is null and at < p_before order by id limit p_limit
      );
      get diagnostics deleted = row_count;
      return deleted;
    end $$;

    revoke all on function purge_audit(bigint, text, timestamptz, timestamptz, text) from public;
    revoke all on function purge_unsealed_audit(timestamptz, int) from public;

    -- What a pager said about a team's rotation when it was last asked.
    create table on_call_look (
      team_id text primary key,
      people uuid[] not null,
      looked_at timestamptz,
      trouble text
    );
  `.execute(db);
}
