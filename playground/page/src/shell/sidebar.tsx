import { type KeyboardEvent, type ReactNode, useMemo, useRef, useState } from 'react';
import type { ShownChannel } from '../state/page-state.js';
import { usePage, useSession } from '../state/use-session.js';
import { Avatar } from '../ui/avatar.js';
import { Icon } from '../ui/icons.js';
import { channelTitle } from './use-channel-title.js';

/** Channels, direct messages and the app. Arrows walk the entries. */
export function Sidebar({ open, onNavigate }: { open: boolean; onNavigate: () => void }): ReactNode {
  const session = useSession();
  const channels = usePage((state) => state.channels);
  const me = usePage((state) => state.me);
  const people = usePage((state) => state.people);
  const place = usePage((state) => state.place);
  const team = usePage((state) => state.info.team);
  const app = usePage((state) => state.info.app);
  const [browsing, setBrowsing] = useState(false);
  const nav = useRef<HTMLElement>(null);

  const sections = useMemo(() => {
    const nameOf = (id: string): string | undefined =>
      id === app.bot_user_id ? app.name : people.get(id)?.real_name;
    const all = [...channels.values()]
      .filter((channel) => !channel.archived)
      .map((channel) => ({ channel, title: channelTitle(channel, me, nameOf) }));
    const byTitle = all.sort((left, right) => left.title.localeCompare(right.title));
    const rooms = byTitle.filter(({ channel }) => channel.kind === 'public' || channel.kind === 'private');
    const direct = byTitle.filter(({ channel }) => channel.kind === 'im' || channel.kind === 'mpim');
    return {
      mine: rooms.filter(({ channel }) => channel.members.includes(me)),
      others: rooms.filter(({ channel }) => !channel.members.includes(me)),
      app: direct.find(({ channel }) => channel.kind === 'im' && channel.members.includes(app.bot_user_id)),
      direct: direct.filter(
        ({ channel }) => !(channel.kind === 'im' && channel.members.includes(app.bot_user_id)),
      ),
    };
  }, [channels, me, people, app]);

  const walk = (event: KeyboardEvent): void => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    const items = [...(nav.current?.querySelectorAll<HTMLElement>('button') ?? [])];
    const at = items.indexOf(document.activeElement as HTMLElement);
    if (at === -1) return;
    event.preventDefault();
    items[(at + (event.key === 'ArrowDown' ? 1 : -1) + items.length) % items.length]?.focus();
  };
  const goTo = (channel: string): void => {
    session.go({ channel });
    onNavigate();
  };
  const entry = ({ channel, title }: { channel: ShownChannel; title: string }): ReactNode => (
    <SidebarEntry
      key={channel.id}
      channel={channel}
      title={title}
      current={place?.channel === channel.id}
      onOpen={() => goTo(channel.id)}
    />
  );

  return (
    <nav
      ref={nav}
      className={`sidebar${open ? ' open' : ''}`}
      aria-label="Channels and direct messages"
      onKeyDown={walk}
    >
      <div className="sidebar-head">{team.name}</div>
      <div className="sidebar-scroll">
        <SidebarSection title="App">
          <li>
            <button
              type="button"
              className={`sidebar-entry${place !== undefined && place.channel === sections.app?.channel.id ? ' current' : ''}${(sections.app?.channel.unread?.count ?? 0) > 0 ? ' unread' : ''}`}
              aria-current={
                place !== undefined && place.channel === sections.app?.channel.id ? 'page' : undefined
              }
              onClick={() => {
                void session.openApp('messages');
                onNavigate();
              }}
            >
              <Avatar id={app.bot_user_id} name={app.name} app size="small" />
              <span className="sidebar-name">{app.name}</span>
              <UnreadBadge channel={sections.app?.channel} />
            </button>
          </li>
        </SidebarSection>
        <SidebarSection title="Channels">
          {sections.mine.map(entry)}
          {sections.others.length > 0 && (
            <li>
              <button
                type="button"
                className="sidebar-entry quiet"
                aria-expanded={browsing}
                onClick={() => setBrowsing(!browsing)}
              >
                <span className="sidebar-sign" aria-hidden="true">
                  {browsing ? '▾' : '▸'}
                </span>
                <span className="sidebar-name">{sections.others.length} more to join</span>
              </button>
            </li>
          )}
          {browsing && sections.others.map(entry)}
        </SidebarSection>
        {sections.direct.length > 0 && (
          <SidebarSection title="Direct messages">{sections.direct.map(entry)}</SidebarSection>
        )}
      </div>
    </nav>
  );
}

function SidebarSection({ title, children }: { title: string; children: ReactNode }): ReactNode {
  return (
    <section className="sidebar-section" aria-label={title}>
      <h2>{title}</h2>
      <ul>{children}</ul>
    </section>
  );
}

function SidebarEntry({
  channel,
  title,
  current,
  onOpen,
}: {
  channel: ShownChannel;
  title: string;
  current: boolean;
  onOpen: () => void;
}): ReactNode {
  const unread = Math.max(channel.unread?.count ?? 0, channel.unread?.mentions ?? 0);
  const other = channel.kind === 'im' ? channel.members[0] : undefined;
  return (
    <li>
      <button
        type="button"
        className={`sidebar-entry${current ? ' current' : ''}${unread > 0 ? ' unread' : ''}`}
        aria-current={current ? 'page' : undefined}
        aria-label={`${title}${channel.kind === 'private' ? ', private' : ''}${unread > 0 ? `, ${unread} unread` : ''}`}
        onClick={onOpen}
      >
        {channel.kind === 'im' ? (
          <Avatar id={other ?? channel.id} name={title} size="small" />
        ) : (
          <span className="sidebar-sign" aria-hidden="true">
            {channel.kind === 'private' ? <Icon name="lock" /> : '#'}
          </span>
        )}
        <span className="sidebar-name">{title.replace(/^#/, '')}</span>
        <UnreadBadge channel={channel} />
      </button>
    </li>
  );
}

function UnreadBadge({ channel }: { channel: ShownChannel | undefined }): ReactNode {
  const mentions = channel?.unread?.mentions ?? 0;
  if (mentions === 0) return null;
  return (
    <span className="badge" aria-hidden="true">
      {mentions}
    </span>
  );
}
