import { createContext, type ReactNode, useCallback, useContext, useRef, useState } from 'react';
import { TextView } from '../blocks/text-view.js';
import type { ConfirmationDialog } from '../blocks/types.js';
import { Dialog } from './dialog.js';

type Ask = (dialog: ConfirmationDialog) => Promise<boolean>;

const ConfirmContext = createContext<Ask>(() => Promise.resolve(false));

/** Asks "are you sure" as an element's `confirm` says; false where it was denied or closed. */
export function useConfirm(): Ask {
  return useContext(ConfirmContext);
}

export function ConfirmProvider({ children }: { children: ReactNode }): ReactNode {
  const [open, setOpen] = useState<ConfirmationDialog | undefined>(undefined);
  const answer = useRef<(yes: boolean) => void>(() => undefined);
  const ask = useCallback<Ask>((dialog) => {
    answer.current(false);
    setOpen(dialog);
    return new Promise((resolve) => {
      answer.current = resolve;
    });
  }, []);
  const settle = (yes: boolean): void => {
    setOpen(undefined);
    answer.current(yes);
  };
  return (
    <ConfirmContext value={ask}>
      {children}
      {open !== undefined && (
        <Dialog
          title={open.title?.text ?? 'Are you sure?'}
          role="alertdialog"
          className="dialog-small"
          onClose={() => settle(false)}
          footer={
            <>
              <button type="button" className="bk-button" onClick={() => settle(false)}>
                {open.deny?.text ?? 'Cancel'}
              </button>
              <button
                type="button"
                className={`bk-button ${open.style ?? 'primary'}`}
                onClick={() => settle(true)}
              >
                {open.confirm?.text ?? 'Yes'}
              </button>
            </>
          }
        >
          <div className="dialog-body">
            <TextView text={open.text} />
          </div>
        </Dialog>
      )}
    </ConfirmContext>
  );
}
