import type { ReactNode } from 'react';
import { usePage, useSession } from '../state/use-session.js';

/** Notices in the corner. Shown above an open modal, which they are often about. */
export function Toasts(): ReactNode {
  const session = useSession();
  const toasts = usePage((state) => state.toasts);
  return (
    <div
      className="toasts"
      aria-live="assertive"
      ref={(element) => liftAbove(element, toasts.length)}
      popover="manual"
    >
      {toasts.map((toast) => (
        <div key={toast.id} className={`toast toast-${toast.tone}`}>
          <span>{toast.text}</span>
          <button
            type="button"
            className="icon-button"
            aria-label="Dismiss"
            onClick={() => session.dismiss(toast.id)}
          >
            <span aria-hidden="true">✕</span>
          </button>
        </div>
      ))}
    </div>
  );
}

/** The top layer keeps the order of opening: opened anew, the notices are over a dialog that came since. */
function liftAbove(element: HTMLDivElement | null, count: number): void {
  if (element === null || !element.isConnected) return;
  if (element.matches(':popover-open')) element.hidePopover();
  if (count > 0) element.showPopover();
}
