import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import type { PlayView } from '../../../protocol.js';
import { BlockList } from '../blocks/block-list.js';
import { HostContext } from '../blocks/host.js';
import { useFormValues, valuesInBlocks } from '../state/form-values.js';
import { usePage, useSession } from '../state/use-session.js';
import { Dialog } from '../ui/dialog.js';
import { useViewHost } from './hosts.js';

/** The person's stack of modals, as the server keeps it: one stack per person, so two browsers and a reload see the same. */
export function ModalStack(): ReactNode {
  const views = usePage((state) => state.views);
  const session = useSession();
  const top = views.at(-1);
  if (top === undefined) return null;
  const stacked = views.length > 1;
  const close = (all: boolean): void => void session.act({ do: 'close', ...(all ? { all: true } : {}) });
  return (
    <Dialog
      key={top.root_view_id}
      title={labelOf(top.title) ?? 'Dialog'}
      onClose={() => close(false)}
      onCross={() => close(stacked)}
      className="modal"
      before={
        <>
          <span className="app-mark" aria-hidden="true" />
          {stacked && (
            <button type="button" className="icon-button" aria-label="Back" onClick={() => close(false)}>
              <span aria-hidden="true">←</span>
            </button>
          )}
        </>
      }
    >
      <ModalForm key={top.id} view={top} onClose={() => close(false)} />
    </Dialog>
  );
}

function ModalForm({ view, onClose }: { view: PlayView; onClose: () => void }): ReactNode {
  const session = useSession();
  const form = useFormValues(`steward-view-${view.id}`);
  const [sent, setSent] = useState<Record<string, string> | undefined>(undefined);
  const [failure, setFailure] = useState('');
  const [busy, setBusy] = useState(false);
  const body = useRef<HTMLDivElement>(null);
  const errors = view.errors ?? sent;
  const host = useViewHost(view, form, errors);
  const submitLabel = labelOf(view.submit);

  // A new view takes the focus, so that keyboard and screen reader are where the eye is.
  useEffect(() => {
    const inside = body.current;
    if (inside === null || inside.contains(document.activeElement)) return;
    const field = inside.querySelector<HTMLElement>(
      'input:not([type="hidden"]), textarea, button, [tabindex="0"]',
    );
    (field ?? inside).focus();
  }, []);
  useEffect(() => {
    if (errors === undefined) return;
    body.current?.querySelector<HTMLElement>('.has-error input, .has-error textarea')?.focus();
  }, [errors]);

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (submitLabel === undefined || busy) return;
    setBusy(true);
    const reply = await session.act(
      { do: 'submit', values: valuesInBlocks(form.current(), view.blocks) },
      { quiet: true },
    );
    setBusy(false);
    setSent(reply.errors);
    setFailure(reply.ok || reply.errors !== undefined ? '' : (reply.error ?? 'That could not be sent.'));
  };

  return (
    <form className="modal-form" noValidate onSubmit={(event) => void submit(event)}>
      <div className="dialog-body" ref={body} tabIndex={-1}>
        <HostContext value={host}>
          <BlockList blocks={view.blocks} />
        </HostContext>
      </div>
      {failure !== '' && (
        <p className="form-error" role="alert">
          {failure}
        </p>
      )}
      <div className="dialog-foot">
        <button type="button" className="bk-button" onClick={onClose}>
          {labelOf(view.close) ?? 'Close'}
        </button>
        {submitLabel !== undefined && (
          <button type="submit" className="bk-button primary" aria-busy={busy} disabled={busy}>
            {submitLabel}
          </button>
        )}
      </div>
    </form>
  );
}

/** The words of a title, submit or close text object. */
function labelOf(text: { [key: string]: unknown } | undefined): string | undefined {
  return typeof text?.text === 'string' ? text.text : undefined;
}
