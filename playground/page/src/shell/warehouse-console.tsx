import { type ReactNode, useState } from 'react';
import type { WarehouseReply } from '../../../protocol.js';
import { usePage, useSession } from '../state/use-session.js';

const mostRows = 50;

/** Every table, and whether the person may read it. */
const firstQuery = `select n.nspname as schema, c.relname as table, has_table_privilege(c.oid, 'select') as may_read
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'v', 'm', 'p') and n.nspname !~ '^(pg_|information_schema)' order by 1, 2`;

/** Logs in to the demo's warehouse as the person in use: what one may read there, and what one may not. */
export function WarehouseConsole(): ReactNode {
  const session = useSession();
  const me = usePage((state) => state.people.get(state.me));
  const [sql, setSql] = useState(firstQuery);
  const [reply, setReply] = useState<WarehouseReply | undefined>(undefined);
  const [busy, setBusy] = useState(false);
  const run = async (): Promise<void> => {
    if (me === undefined) return;
    setBusy(true);
    try {
      setReply(await session.api.warehouse(me.id, sql));
    } catch (error) {
      setReply({ ok: false, error: error instanceof Error ? error.message : String(error) });
    }
    setBusy(false);
  };
  return (
    <div className="warehouse">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void run();
        }}
      >
        <textarea
          className="bk-input mono"
          rows={3}
          aria-label={`SQL, run as ${me?.real_name ?? 'nobody'}`}
          value={sql}
          onChange={(event) => setSql(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void run();
          }}
        />
        <button type="submit" className="bk-button primary" disabled={busy} aria-busy={busy}>
          Run as {me?.real_name}
        </button>
      </form>
      <section className="warehouse-result" aria-label="Result" aria-live="polite" tabIndex={0}>
        {reply !== undefined && !reply.ok && <p className="bk-error">{reply.error}</p>}
        {reply?.ok === true && (
          <>
            <p className="bk-context-text">
              {reply.rowCount ?? 0} rows{reply.ms === undefined ? '' : ` in ${Math.round(reply.ms)} ms`}
              {(reply.rowCount ?? 0) > mostRows ? `, the first ${mostRows} shown` : ''}
            </p>
            <table className="table">
              <thead>
                <tr>
                  {reply.columns?.map((column, index) => (
                    <th key={index} scope="col">
                      {column}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {reply.rows?.slice(0, mostRows).map((row, at) => (
                  <tr key={at}>
                    {row.map((cell, index) => (
                      <td key={index}>
                        {cell === null
                          ? 'null'
                          : typeof cell === 'object'
                            ? JSON.stringify(cell)
                            : String(cell)}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </>
        )}
      </section>
    </div>
  );
}
