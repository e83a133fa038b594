import { type KeyboardEvent, type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import { Popup } from './popup.js';

export interface MenuItem {
  key: string;
  label: ReactNode;
  detail?: string | undefined;
  danger?: boolean;
  disabled?: boolean;
  checked?: boolean;
  /** Opens this address instead of calling `choose`. */
  href?: string | undefined;
  choose: () => void;
}

export interface MenuSection {
  title?: string;
  items: MenuItem[];
}

interface MenuButtonProps {
  label: string;
  className?: string;
  children: ReactNode;
  sections: MenuSection[];
  alignEnd?: boolean;
  onOpenChange?: (open: boolean) => void;
  describedBy?: string | undefined;
}

/** A button with a menu (WAI-ARIA menu button): arrows, Home, End, a letter, Enter, Esc; focus comes back to the button. */
export function MenuButton({
  label,
  className = '',
  children,
  sections,
  alignEnd = false,
  onOpenChange,
  describedBy,
}: MenuButtonProps): ReactNode {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const change = useCallback(
    (next: boolean) => {
      setOpen(next);
      onOpenChange?.(next);
    },
    [onOpenChange],
  );
  const close = useCallback(() => change(false), [change]);
  return (
    <>
      <button
        ref={button}
        type="button"
        className={className}
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-describedby={describedBy}
        onClick={() => change(!open)}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown' && !open) {
            event.preventDefault();
            change(true);
          }
        }}
      >
        {children}
      </button>
      {open && (
        <Popup anchor={button} onClose={close} alignEnd={alignEnd} className="menu-popup">
          <MenuList
            label={label}
            sections={sections}
            onDone={() => {
              close();
              button.current?.focus();
            }}
          />
        </Popup>
      )}
    </>
  );
}

function MenuList({
  label,
  sections,
  onDone,
}: {
  label: string;
  sections: MenuSection[];
  onDone: () => void;
}): ReactNode {
  const list = useRef<HTMLDivElement>(null);
  const rows = (): HTMLElement[] => [
    ...(list.current?.querySelectorAll<HTMLElement>('[role^="menuitem"]:not([aria-disabled="true"])') ?? []),
  ];

  useEffect(() => {
    const items = [
      ...(list.current?.querySelectorAll<HTMLElement>('[role^="menuitem"]:not([aria-disabled="true"])') ??
        []),
    ];
    (items.find((item) => item.getAttribute('aria-checked') === 'true') ?? items[0])?.focus();
  }, []);

  const onKeyDown = (event: KeyboardEvent): void => {
    const items = rows();
    const at = items.indexOf(document.activeElement as HTMLElement);
    const go = (index: number): void => {
      event.preventDefault();
      items[(index + items.length) % items.length]?.focus();
    };
    if (event.key === 'ArrowDown') go(at + 1);
    else if (event.key === 'ArrowUp') go(at - 1);
    else if (event.key === 'Home') go(0);
    else if (event.key === 'End') go(-1);
    else if (event.key === 'Escape' || event.key === 'Tab') {
      event.preventDefault();
      event.stopPropagation();
      onDone();
    } else if (event.key.length === 1 && /\S/.test(event.key)) {
      const letter = event.key.toLowerCase();
      const found = [...items.slice(at + 1), ...items.slice(0, at + 1)].find((item) =>
        item.textContent?.trim().toLowerCase().startsWith(letter),
      );
      found?.focus();
    }
  };

  return (
    <div ref={list} role="menu" aria-label={label} className="menu" onKeyDown={onKeyDown} tabIndex={-1}>
      {sections.map((section, index) => (
        // biome-ignore lint/a11y/useSemanticElements: a group inside a menu is a role, a fieldset is not allowed there.
        <div key={section.title ?? index} role="group" aria-label={section.title} className="menu-section">
          {section.title !== undefined && (
            <div className="menu-title" aria-hidden="true">
              {section.title}
            </div>
          )}
          {section.items.map((item) => (
            <MenuRow key={item.key} item={item} onDone={onDone} />
          ))}
        </div>
      ))}
    </div>
  );
}

function MenuRow({ item, onDone }: { item: MenuItem; onDone: () => void }): ReactNode {
  const choose = (): void => {
    if (item.disabled === true) return;
    onDone();
    item.choose();
    if (item.href !== undefined) window.open(item.href, '_blank', 'noopener,noreferrer');
  };
  return (
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: checked only where the role is menuitemradio.
    <button
      type="button"
      role={item.checked === undefined ? 'menuitem' : 'menuitemradio'}
      aria-checked={item.checked}
      aria-disabled={item.disabled}
      tabIndex={-1}
      className={`menu-item${item.danger === true ? ' danger' : ''}`}
      onClick={choose}
      onPointerMove={(event) => event.currentTarget.focus()}
    >
      <span className="menu-label">{item.label}</span>
      {item.detail !== undefined && <span className="menu-detail">{item.detail}</span>}
    </button>
  );
}
