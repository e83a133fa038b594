import { type KeyboardEvent, type ReactNode, useMemo, useState } from 'react';
import { useDirectory } from '../blocks/host.js';
import { useSession } from '../state/use-session.js';
import { Dialog } from '../ui/dialog.js';

/** Ctrl+K: type a few letters of a channel or person, Enter goes there. */
export function JumpDialog({ onClose }: { onClose: () => void }): ReactNode {
  const session = useSession();
  const directory = useDirectory();
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const found = useMemo(() => {
    const wanted = query.toLowerCase();
    const channels = directory
      .channels()
      .map((entry) => ({ ...entry, go: () => session.go({ channel: entry.id }) }));
    const people = directory
      .users()
      .map((entry) => ({ ...entry, go: () => void session.openPerson(entry.id) }));
    return [...channels, ...people]
      .filter((entry) => `${entry.label} ${entry.detail}`.toLowerCase().includes(wanted))
      .slice(0, 10);
  }, [query, directory, session]);
  const pick = (index: number): void => {
    onClose();
    found[index]?.go();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      setActive((active + (event.key === 'ArrowDown' ? 1 : -1) + found.length) % Math.max(1, found.length));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      pick(active);
    }
  };
  return (
    <Dialog title="Jump to" onClose={onClose} lightDismiss className="dialog-small jump-dialog">
      <div className="dialog-body">
        <input
          type="text"
          role="combobox"
          className="bk-input"
          aria-label="Channel or person"
          aria-expanded="true"
          aria-controls="jump-list"
          aria-activedescendant={found.length > 0 ? `jump-${active}` : undefined}
          placeholder="Channel or person"
          autoFocus
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
        />
        <div id="jump-list" role="listbox" aria-label="Found" className="listbox" tabIndex={-1}>
          {found.map((entry, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the field's; the list is only pointed at.
            <div
              key={entry.id}
              id={`jump-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === active}
              className={`option${index === active ? ' active' : ''}`}
              onClick={() => pick(index)}
            >
              <span className="option-label">{entry.label}</span>
              <span className="option-detail">{entry.detail}</span>
            </div>
          ))}
        </div>
      </div>
    </Dialog>
  );
}
