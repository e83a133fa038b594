import { type ReactNode, useId, useLayoutEffect, useRef } from 'react';

interface DialogProps {
  title: ReactNode;
  /** Esc, the X, or a press on the backdrop where `lightDismiss`. */
  onClose: () => void;
  /** The X, where it does more than Esc does. */
  onCross?: () => void;
  className?: string;
  lightDismiss?: boolean;
  role?: 'dialog' | 'alertdialog';
  before?: ReactNode;
  children: ReactNode;
  footer?: ReactNode;
  closeLabel?: string;
}

/** The browser's own modal dialog: it traps focus, makes the rest inert and gives focus back. */
export function Dialog({
  title,
  onClose,
  onCross,
  className = '',
  lightDismiss = false,
  role,
  before,
  children,
  footer,
  closeLabel = 'Close',
}: DialogProps): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  const pressedOutside = useRef(false);

  // Before the content's own effects, which may choose what in it gets the focus.
  useLayoutEffect(() => {
    const element = dialog.current;
    if (element === null) return;
    const before = document.activeElement;
    if (!element.open) element.showModal();
    return () => {
      element.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);

  return (
    <dialog
      ref={dialog}
      className={`dialog ${className}`}
      role={role}
      aria-labelledby={titleId}
      onCancel={(event) => {
        // A file chooser inside also fires `cancel`: only the dialog's own counts.
        if (event.target !== dialog.current) return;
        event.preventDefault();
        onClose();
      }}
      onPointerDown={(event) => {
        pressedOutside.current = event.target === dialog.current;
      }}
      onClick={(event) => {
        if (lightDismiss && pressedOutside.current && event.target === dialog.current) onClose();
      }}
      onKeyDown={(event) => {
        // Chromium closes a dialog at the second Esc even when `cancel` was refused: take the key itself.
        if (event.key === 'Escape' && !event.defaultPrevented) {
          event.preventDefault();
          event.stopPropagation();
          onClose();
        }
      }}
    >
      <div className="dialog-frame">
        <header className="dialog-head">
          {before}
          <h2 id={titleId}>{title}</h2>
          <button type="button" className="icon-button" aria-label={closeLabel} onClick={onCross ?? onClose}>
            <span aria-hidden="true">✕</span>
          </button>
        </header>
        {children}
        {footer !== undefined && <footer className="dialog-foot">{footer}</footer>}
      </div>
    </dialog>
  );
}
