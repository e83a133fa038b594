import type { Button, FeedbackButtons, IconButton, WorkflowButton } from '@slack/types';
import { type ReactNode, useState } from 'react';
import { Plain } from '../../text/mrkdwn-view.js';
import { safeUrl } from '../../text/safe-url.js';
import { Icon } from '../../ui/icons.js';
import { useDirectory } from '../host.js';
import type { ElementContext } from './element-props.js';
import { useElement } from './use-element.js';

/** Runs what a press does, once at a time, and says so. */
function useBusy(run: () => Promise<void>): { busy: boolean; start: () => void } {
  const [busy, setBusy] = useState(false);
  const start = (): void => {
    if (busy) return;
    setBusy(true);
    void run().finally(() => setBusy(false));
  };
  return { busy, start };
}

export function ButtonElement({
  element,
  context,
}: {
  element: Button | WorkflowButton;
  context: ElementContext;
}): ReactNode {
  const { press } = useElement(element, context);
  const url = 'url' in element ? safeUrl(element.url) : undefined;
  const { busy, start } = useBusy(() => press());
  return (
    <button
      type="button"
      className={`bk-button ${element.style ?? ''}`}
      aria-label={element.accessibility_label}
      aria-busy={busy}
      title={url}
      onClick={() => {
        // Slack opens the address and still sends the action.
        if (url !== undefined) window.open(url, '_blank', 'noopener,noreferrer');
        start();
      }}
    >
      <Plain text={element.text.text} emoji={element.text.emoji} />
      {url !== undefined && (
        <span aria-hidden="true" className="external">
          ↗
        </span>
      )}
    </button>
  );
}

export function IconButtonElement({
  element,
  context,
}: {
  element: IconButton;
  context: ElementContext;
}): ReactNode {
  const { press } = useElement(element, context);
  const { me } = useDirectory();
  const { busy, start } = useBusy(() => press());
  if (element.visible_to_user_ids !== undefined && !element.visible_to_user_ids.includes(me)) return null;
  return (
    <button
      type="button"
      className="bk-icon-button"
      aria-label={element.accessibility_label ?? element.text.text}
      title={element.text.text}
      aria-busy={busy}
      onClick={start}
    >
      <Icon name={element.icon === 'trash' ? 'trash' : 'more'} />
    </button>
  );
}

export function FeedbackElement({
  element,
  context,
}: {
  element: FeedbackButtons;
  context: ElementContext;
}): ReactNode {
  const { press, keep, value } = useElement(element, context);
  const [busy, setBusy] = useState(false);
  const answers = [
    { key: 'positive', sign: 'up' as const, button: element.positive_button },
    { key: 'negative', sign: 'down' as const, button: element.negative_button },
  ];
  return (
    <span className="bk-feedback">
      {answers.map(({ key, sign, button }) => (
        <button
          key={key}
          type="button"
          className="bk-icon-button"
          aria-label={button.accessibility_label ?? button.text.text}
          aria-pressed={value === button.value}
          title={button.text.text}
          disabled={busy}
          onClick={() => {
            setBusy(true);
            keep(button.value);
            void press(button.value).finally(() => setBusy(false));
          }}
        >
          <Icon name={sign} />
        </button>
      ))}
    </span>
  );
}
