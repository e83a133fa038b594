import type { ReactNode } from 'react';
import { threadKey } from '../state/page-state.js';
import { usePage, useSession } from '../state/use-session.js';
import { Icon } from '../ui/icons.js';

/** "Steward is thinking…" below the messages of a direct message; in threads below the thread's. Slack puts its stop button there. */
export function StatusLine({ channel, thread }: { channel: string; thread?: string }): ReactNode {
  const session = useSession();
  const name = usePage((state) => state.info.app.name);
  const key = usePage((state) => {
    if (thread !== undefined) return threadKey(channel, thread);
    if (state.channels.get(channel)?.kind !== 'im') return undefined;
    return [...state.statuses]
      .reverse()
      .find(([each, value]) => each.startsWith(threadKey(channel, '')) && value.status !== '')?.[0];
  });
  const status = usePage((state) => (key === undefined ? undefined : state.statuses.get(key)?.status));
  const me = usePage((state) => state.me);
  if (key === undefined || status === undefined || status === '' || me === '') return null;
  const working = key.slice(threadKey(channel, '').length);
  return (
    <div className="status-line">
      <span role="status">
        <Icon name="clock" /> {name} {status}
      </span>
      <button
        type="button"
        className="stop-button"
        onClick={() => void session.act({ do: 'stop', channel, thread: working })}
      >
        Stop
      </button>
    </div>
  );
}
