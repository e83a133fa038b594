import { type KeyboardEvent, type ReactNode, useCallback, useMemo, useRef, useState } from 'react';
import { searchEmoji } from '../text/emoji.js';
import { Popup } from './popup.js';

interface EmojiButtonProps {
  label: string;
  className: string;
  children: ReactNode;
  onPick: (name: string) => void;
  onOpenChange?: (open: boolean) => void;
}

const columns = 8;

/** A button that offers emoji: type to narrow, arrows to walk the grid, Enter to pick. */
export function EmojiButton({
  label,
  className,
  children,
  onPick,
  onOpenChange,
}: EmojiButtonProps): ReactNode {
  const [open, setOpen] = useState(false);
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const button = useRef<HTMLButtonElement>(null);
  const found = useMemo(() => searchEmoji(query, columns * 8), [query]);
  const change = useCallback(
    (next: boolean) => {
      setOpen(next);
      setQuery('');
      setActive(0);
      onOpenChange?.(next);
    },
    [onOpenChange],
  );
  const close = useCallback(() => change(false), [change]);
  const pick = (name: string | undefined): void => {
    if (name === undefined) return;
    change(false);
    button.current?.focus();
    onPick(name);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const steps: Record<string, number> = {
      ArrowRight: 1,
      ArrowLeft: -1,
      ArrowDown: columns,
      ArrowUp: -columns,
    };
    const step = steps[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setActive(Math.max(0, Math.min(found.length - 1, active + step)));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      pick(found[active]?.name);
    } else if (event.key === 'Escape' || event.key === 'Tab') {
      event.preventDefault();
      event.stopPropagation();
      change(false);
      button.current?.focus();
    }
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        className={className}
        aria-label={label}
        title={label}
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => change(!open)}
      >
        {children}
      </button>
      {open && (
        <Popup anchor={button} onClose={close} alignEnd className="emoji-popup">
          <input
            type="search"
            className="bk-input"
            aria-label="Find an emoji"
            placeholder="Find an emoji"
            // biome-ignore lint/a11y/noAutofocus: the picker was opened to type into it.
            autoFocus
            value={query}
            onChange={(event) => {
              setQuery(event.target.value);
              setActive(0);
            }}
            onKeyDown={onKeyDown}
          />
          <div className="emoji-grid" role="listbox" aria-label="Emoji">
            {found.map((emoji, index) => (
              <button
                key={emoji.name}
                type="button"
                role="option"
                aria-selected={index === active}
                aria-label={emoji.name.replaceAll('_', ' ')}
                title={`:${emoji.name}:`}
                tabIndex={-1}
                className={index === active ? 'active' : undefined}
                onClick={() => pick(emoji.name)}
              >
                {emoji.character}
              </button>
            ))}
          </div>
          <div className="listbox-note" role="status">
            {found.length === 0 ? 'Nothing found' : `:${found[active]?.name ?? ''}:`}
          </div>
        </Popup>
      )}
    </>
  );
}
