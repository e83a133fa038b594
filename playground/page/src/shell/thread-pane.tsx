import { type ReactNode, useEffect, useRef } from 'react';
import { emptyList, type ShownChannel } from '../state/page-state.js';
import { usePage, useSession } from '../state/use-session.js';
import { Composer } from './composer.js';
import { MessageList } from './message-list.js';
import { StatusLine } from './status-line.js';
import { useChannelTitle } from './use-channel-title.js';

function ThreadPlace({ channel }: { channel: ShownChannel }): ReactNode {
  return <span className="pane-place">{useChannelTitle(channel)}</span>;
}

/** One thread, beside its channel. */
export function ThreadPane(): ReactNode {
  const place = usePage((state) => state.place);
  if (place?.thread === undefined) return null;
  return (
    <OpenThread key={`${place.channel}:${place.thread}`} channel={place.channel} thread={place.thread} />
  );
}

function OpenThread({ channel, thread }: { channel: string; thread: string }): ReactNode {
  const session = useSession();
  const list = usePage((state) => state.threads.get(`${channel}:${thread}`)) ?? emptyList;
  const known = usePage((state) => state.channels.get(channel));
  const me = usePage((state) => state.me);
  const pane = useRef<HTMLElement>(null);

  useEffect(() => {
    const came = document.activeElement;
    // A thread that opens by itself does not take the pen out of anybody's hand.
    const writing = came instanceof HTMLTextAreaElement && came.value !== '';
    if (!writing) pane.current?.querySelector('textarea')?.focus();
    return () => {
      if (came instanceof HTMLElement && came.isConnected) came.focus();
    };
  }, []);

  return (
    <aside
      ref={pane}
      className="thread"
      aria-label="Thread"
      onKeyDown={(event) => {
        if (
          event.key === 'Escape' &&
          !event.defaultPrevented &&
          !(
            event.target instanceof HTMLElement &&
            event.target.closest('li.message') !== null &&
            event.target.tagName !== 'LI'
          )
        ) {
          session.closeThread();
        }
      }}
    >
      <header className="pane-head">
        <h2>Thread</h2>
        {known !== undefined && <ThreadPlace channel={known} />}
        <button type="button" className="icon-button" aria-label="Close thread" onClick={session.closeThread}>
          <span aria-hidden="true">✕</span>
        </button>
      </header>
      <MessageList
        label="Replies"
        items={list.items}
        hasMore={false}
        loading={!list.loaded}
        inThread
        after={<StatusLine channel={channel} thread={thread} />}
      />
      {known?.archived !== true && known?.members.includes(me) === true && (
        <Composer channel={channel} thread={thread} placeholder="Reply…" />
      )}
    </aside>
  );
}
