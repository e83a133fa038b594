import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import type { BehindEntry } from '../../../protocol.js';
import { useDirectory } from '../blocks/host.js';
import { usePage, useSession } from '../state/use-session.js';
import { formatIn } from '../text/dates.js';
import { WarehouseConsole } from './warehouse-console.js';

const kinds = [
  'delivery',
  'call',
  'audit',
  'job',
  'sql',
  'probe',
  'note',
] as const satisfies BehindEntry['kind'][];
const kindNames: Record<BehindEntry['kind'], string> = {
  delivery: 'Delivery',
  call: 'API call',
  audit: 'Audit',
  job: 'Job',
  sql: 'SQL',
  probe: 'Probe',
  note: 'Note',
};

/** What happened behind what one sees: deliveries and calls from the stand-in; audit rows, jobs, SQL and probes from Steward. */
export function BehindPane({ onClose }: { onClose: () => void }): ReactNode {
  const session = useSession();
  const entries = usePage((state) => state.behind);
  const [shown, setShown] = useState<ReadonlySet<BehindEntry['kind']>>(() => new Set(kinds));
  const [chosen, setChosen] = useState<string | undefined>(undefined);
  const [tab, setTab] = useState<'log' | 'warehouse'>('log');
  const list = useRef<HTMLDivElement>(null);
  // Steward's own lines are collected a moment after the stand-in's: order them by when they happened.
  const rows = useMemo(
    () =>
      entries
        .filter((entry) => shown.has(entry.kind))
        .sort((left, right) => (left.at < right.at ? -1 : left.at > right.at ? 1 : 0)),
    [entries, shown],
  );
  const entry = rows.find((row) => row.id === chosen);

  // biome-ignore lint/correctness/useExhaustiveDependencies: follows what is added.
  useEffect(() => {
    const box = list.current;
    if (box === null) return;
    // The details take half of the place on a phone: the line they are about stays in sight.
    if (chosen !== undefined)
      box.querySelector('[aria-expanded="true"]')?.scrollIntoView({ block: 'nearest' });
    else box.scrollTop = box.scrollHeight;
  }, [rows.length, chosen]);

  const toggle = (kind: BehindEntry['kind']): void => {
    const next = new Set(shown);
    if (!next.delete(kind)) next.add(kind);
    setShown(next);
  };
  const counts = useMemo(() => {
    const out = new Map<string, number>();
    for (const each of entries) out.set(each.kind, (out.get(each.kind) ?? 0) + 1);
    return out;
  }, [entries]);

  return (
    <section
      className="behind"
      aria-label="Behind this"
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.defaultPrevented) onClose();
      }}
    >
      <header className="pane-head">
        <h2>Behind this</h2>
        <div className="behind-tabs">
          <button type="button" aria-pressed={tab === 'log'} onClick={() => setTab('log')}>
            What happened
          </button>
          <button type="button" aria-pressed={tab === 'warehouse'} onClick={() => setTab('warehouse')}>
            Warehouse
          </button>
        </div>
        {tab === 'log' && (
          <fieldset className="behind-kinds">
            <legend className="visually-hidden">Kinds shown</legend>
            {kinds.map((kind) => (
              <button
                key={kind}
                type="button"
                className={`kind kind-${kind}`}
                aria-pressed={shown.has(kind)}
                onClick={() => toggle(kind)}
              >
                {kindNames[kind]} <span className="kind-count">{counts.get(kind) ?? 0}</span>
              </button>
            ))}
          </fieldset>
        )}
        <button type="button" className="link-button" onClick={session.clearBehind}>
          Clear
        </button>
        <button type="button" className="icon-button" aria-label="Close Behind this" onClick={onClose}>
          <span aria-hidden="true">✕</span>
        </button>
      </header>
      {tab === 'warehouse' ? (
        <WarehouseConsole />
      ) : (
        <div className={`behind-body${entry === undefined ? '' : ' with-detail'}`}>
          <div className="behind-list" ref={list}>
            {rows.length === 0 && (
              <p className="empty-note">Ask something, press a button: what it causes is listed here.</p>
            )}
            <ol aria-label="What happened">
              {rows.map((row) => (
                <li key={row.id}>
                  <BehindRow
                    entry={row}
                    chosen={row.id === chosen}
                    onChoose={() => setChosen(row.id === chosen ? undefined : row.id)}
                  />
                </li>
              ))}
            </ol>
          </div>
          {entry !== undefined && <BehindDetail entry={entry} />}
        </div>
      )}
    </section>
  );
}

function BehindRow({
  entry,
  chosen,
  onChoose,
}: {
  entry: BehindEntry;
  chosen: boolean;
  onChoose: () => void;
}): ReactNode {
  const { dates } = useDirectory();
  const hint = hintOf(entry.detail);
  return (
    <button
      type="button"
      className={`behind-row${chosen ? ' chosen' : ''}${entry.ok ? '' : ' failed'}${entry.kind === 'delivery' ? ' head' : ''}`}
      aria-expanded={chosen}
      onClick={onChoose}
    >
      <time dateTime={entry.at}>
        {formatIn(new Date(entry.at), dates, {
          hour: '2-digit',
          minute: '2-digit',
          second: '2-digit',
          hourCycle: 'h23',
        })}
      </time>
      <span className={`kind kind-${entry.kind}`}>{kindNames[entry.kind]}</span>
      <span className="behind-title">
        {entry.title}
        {hint !== undefined && !entry.title.includes(hint) && <span className="behind-hint"> {hint}</span>}
      </span>
      {!entry.ok && <span className="behind-failed">failed</span>}
      <span className="behind-ms">{entry.ms === undefined ? '' : `${Math.round(entry.ms)} ms`}</span>
    </button>
  );
}

function BehindDetail({ entry }: { entry: BehindEntry }): ReactNode {
  const keys = Object.keys(entry.detail);
  return (
    <section className="behind-detail" aria-label={`Details of ${entry.title}`} tabIndex={0}>
      <h3>{entry.title}</h3>
      {keys.map((key) => (
        <div key={key}>
          <h4>{key.replaceAll('_', ' ')}</h4>
          <pre className="pre">{asText(entry.detail[key])}</pre>
        </div>
      ))}
    </section>
  );
}

const hintLength = 140;
const hintKeys = ['text', 'statement', 'action_id', 'callback_id', 'channel', 'reason'];
/** Where a request keeps what it is about, outermost first. */
const hintPlaces = ['payload', 'request', 'args', 'event', 'view', 'actions', 'after', 'before'];

/** A few words of what a line is about, found in its details: the text said, the button pressed, the statement run. */
function hintOf(detail: unknown, depth = 0): string | undefined {
  if (typeof detail !== 'object' || detail === null || depth > 3) return undefined;
  const found = new Map<string, unknown>(Object.entries(Array.isArray(detail) ? (detail[0] ?? {}) : detail));
  for (const key of hintKeys) {
    const value = found.get(key);
    if (typeof value === 'string' && value !== '') return value.replace(/\s+/g, ' ').slice(0, hintLength);
  }
  for (const place of hintPlaces) {
    const hint = hintOf(found.get(place), depth + 1);
    if (hint !== undefined) return hint;
  }
  return undefined;
}

function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  return JSON.stringify(value, null, 2) ?? '';
}
