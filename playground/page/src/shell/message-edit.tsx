import { type ReactNode, useState } from 'react';
import type { PlayMessage } from '../../../protocol.js';
import { useDirectory } from '../blocks/host.js';
import { useSession } from '../state/use-session.js';
import { decodeEntities } from '../text/mrkdwn.js';
import { useMentions } from './use-mentions.js';

/** Changes one's own message in place: Enter saves, Esc leaves it. */
export function MessageEdit({ message, onDone }: { message: PlayMessage; onDone: () => void }): ReactNode {
  const session = useSession();
  const directory = useDirectory();
  const mentions = useMentions();
  const [text, setText] = useState(() => toTyped(message.text, mentions.handle, directory.channelName));
  const save = (): void => {
    void session.act({ do: 'edit', channel: message.channel, message: message.ts, text });
    onDone();
  };
  return (
    <div className="message-edit">
      <textarea
        className="bk-input"
        rows={Math.min(8, text.split('\n').length + 1)}
        aria-label="Edit message"
        // biome-ignore lint/a11y/noAutofocus: opened to be typed into.
        autoFocus
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            event.stopPropagation();
            onDone();
          } else if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
            event.preventDefault();
            save();
          }
        }}
      />
      <div className="message-edit-foot">
        <button type="button" className="bk-button" onClick={onDone}>
          Cancel
        </button>
        <button type="button" className="bk-button primary" disabled={text.trim() === ''} onClick={save}>
          Save
        </button>
      </div>
    </div>
  );
}

function toTyped(
  text: string,
  handle: (id: string) => string | undefined,
  channel: (id: string) => string | undefined,
): string {
  return decodeEntities(
    text
      .replace(/<@([UW][A-Z0-9]+)(?:\|[^>]*)?>/g, (whole, id: string) => `@${handle(id) ?? whole}`)
      .replace(/<#(C[A-Z0-9]+)(?:\|[^>]*)?>/g, (whole, id: string) => `#${channel(id) ?? whole}`)
      .replace(/<!(here|channel|everyone)(?:\|[^>]*)?>/g, '@$1')
      .replace(/<([a-z]+:[^|>]+)(?:\|[^>]*)?>/g, '$1'),
  );
}
