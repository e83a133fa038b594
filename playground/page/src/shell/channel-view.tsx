import { type ReactNode, useCallback, useState } from 'react';
import { emptyList, type ShownChannel } from '../state/page-state.js';
import { usePage, useSession } from '../state/use-session.js';
import { emojiCharacter } from '../text/emoji.js';
import { Mrkdwn } from '../text/mrkdwn-view.js';
import { safeUrl } from '../text/safe-url.js';
import { Avatar } from '../ui/avatar.js';
import { Dialog } from '../ui/dialog.js';
import { Icon } from '../ui/icons.js';
import { Composer } from './composer.js';
import { HomeTab } from './home.js';
import { MessageList } from './message-list.js';
import { StartStrip } from './start-strip.js';
import { StatusLine } from './status-line.js';
import { useChannelTitle } from './use-channel-title.js';

/** The middle: one channel's head, messages and composer, or the app's Home tab. */
export function ChannelView({ onBehind }: { onBehind: () => void }): ReactNode {
  const place = usePage((state) => state.place);
  const channel = usePage((state) =>
    state.place === undefined ? undefined : state.channels.get(state.place.channel),
  );
  const loaded = usePage((state) => state.channelsLoaded);
  if (place === undefined || channel === undefined) {
    return (
      <main className="channel" aria-label="Channel">
        <p className="empty-note">{loaded ? 'Choose a channel on the left.' : 'Loading…'}</p>
      </main>
    );
  }
  return <OpenChannel key={channel.id} channel={channel} tab={place.tab} onBehind={onBehind} />;
}

function OpenChannel({
  channel,
  tab,
  onBehind,
}: {
  channel: ShownChannel;
  tab: 'messages' | 'home';
  onBehind: () => void;
}): ReactNode {
  const session = useSession();
  const me = usePage((state) => state.me);
  const list = usePage((state) => state.lists.get(channel.id)) ?? emptyList;
  const readMark = usePage((state) => state.readMark);
  const bot = usePage((state) => state.info.app.bot_user_id);
  const title = useChannelTitle(channel);
  const isApp = channel.kind === 'im' && channel.members.includes(bot);
  const older = useCallback(() => void session.loadOlder(channel.id), [session, channel.id]);
  const member = channel.members.includes(me);
  return (
    <main className="channel" aria-label={title} tabIndex={-1}>
      <ChannelHead channel={channel} title={title} />
      {isApp && <AppTabs tab={tab} />}
      {isApp && tab === 'home' ? (
        <HomeTab />
      ) : (
        <>
          <MessageList
            label={`Messages in ${title}`}
            items={list.items}
            hasMore={list.hasMore}
            loading={!list.loaded || list.loadingOlder}
            inThread={false}
            readMark={readMark}
            onOlder={older}
            before={list.loaded && <Beginning channel={channel} title={title} />}
            after={<StatusLine channel={channel.id} />}
          />
          <StartStrip channel={channel.id} onBehind={onBehind} />
          {channel.archived ? (
            <p className="composer-note">This channel is archived.</p>
          ) : member ? (
            <Composer channel={channel.id} thread={undefined} placeholder={`Message ${title}`} />
          ) : (
            <div className="composer-note">
              You are looking at <strong>{title}</strong>{' '}
              <button
                type="button"
                className="bk-button primary"
                onClick={() => void session.act({ do: 'join', channel: channel.id })}
              >
                Join channel
              </button>
            </div>
          )}
        </>
      )}
    </main>
  );
}

function AppTabs({ tab }: { tab: 'messages' | 'home' }): ReactNode {
  const session = useSession();
  return (
    <nav className="app-tabs" aria-label="App tabs">
      {(['home', 'messages'] as const).map((each) => (
        <button
          key={each}
          type="button"
          aria-current={tab === each ? 'page' : undefined}
          onClick={() => void session.openApp(each)}
        >
          {each === 'home' ? 'Home' : 'Messages'}
        </button>
      ))}
    </nav>
  );
}

function ChannelHead({ channel, title }: { channel: ShownChannel; title: string }): ReactNode {
  const [showMembers, setShowMembers] = useState(false);
  const bookmarks = usePage((state) => state.bookmarks.get(channel.id));
  return (
    <>
      <header className="channel-head">
        <h2>{title}</h2>
        {channel.topic !== '' && (
          <div className="channel-topic" title={channel.topic}>
            <Mrkdwn text={channel.topic} />
          </div>
        )}
        {channel.kind !== 'im' && (
          <button
            type="button"
            className="members-button"
            aria-label={`${channel.members.length} members`}
            onClick={() => setShowMembers(true)}
          >
            <Icon name="people" /> {channel.members.length}
          </button>
        )}
      </header>
      {bookmarks !== undefined && bookmarks.length > 0 && (
        <nav className="bookmarks" aria-label="Bookmarks">
          {bookmarks.map((bookmark) => (
            <a key={bookmark.id} href={safeUrl(bookmark.link)} target="_blank" rel="noopener noreferrer">
              <span aria-hidden="true">{emojiCharacter(bookmark.emoji.replaceAll(':', '')) ?? '🔖'}</span>{' '}
              {bookmark.title}
            </a>
          ))}
        </nav>
      )}
      {showMembers && <Members channel={channel} title={title} onClose={() => setShowMembers(false)} />}
    </>
  );
}

function Members({
  channel,
  title,
  onClose,
}: {
  channel: ShownChannel;
  title: string;
  onClose: () => void;
}): ReactNode {
  const session = useSession();
  const people = usePage((state) => state.people);
  const app = usePage((state) => state.info.app);
  const me = usePage((state) => state.me);
  const outside = [...people.values()].filter(
    (person) => !channel.members.includes(person.id) && !person.deleted,
  );
  return (
    <Dialog title={`Members of ${title}`} onClose={onClose} lightDismiss className="dialog-small">
      <ul className="member-list dialog-body">
        {channel.members.map((id) => {
          const person = people.get(id);
          const name = id === app.bot_user_id ? app.name : (person?.real_name ?? id);
          return (
            <li key={id}>
              <Avatar id={id} name={name} app={id === app.bot_user_id} size="small" />
              <span>{name}</span>
              <span className="option-detail">{person?.title ?? (id === app.bot_user_id ? 'App' : '')}</span>
            </li>
          );
        })}
      </ul>
      {channel.kind !== 'mpim' && channel.members.includes(me) && (
        <div className="dialog-foot">
          <select
            className="bk-input"
            aria-label="Add a person"
            value=""
            onChange={(event) => {
              void session.act({ do: 'invite', channel: channel.id, value: event.target.value });
            }}
          >
            <option value="">Add a person…</option>
            {outside.map((person) => (
              <option key={person.id} value={person.id}>
                {person.real_name}
              </option>
            ))}
          </select>
          <button
            type="button"
            className="bk-button"
            onClick={() => {
              onClose();
              void session.act({ do: 'leave', channel: channel.id });
            }}
          >
            Leave channel
          </button>
        </div>
      )}
    </Dialog>
  );
}

function Beginning({ channel, title }: { channel: ShownChannel; title: string }): ReactNode {
  const session = useSession();
  const prompts = usePage((state) => {
    const own = state.prompts.get(channel.id);
    if (own !== undefined && own.length > 0) return own;
    return channel.kind === 'im' && channel.members.includes(state.info.app.bot_user_id)
      ? state.info.prompts
      : own;
  });
  return (
    <div className="beginning">
      <h3>{title}</h3>
      <p>
        {channel.purpose !== '' ? (
          <Mrkdwn text={channel.purpose} />
        ) : channel.kind === 'im' ? (
          'This is the beginning of your direct messages.'
        ) : (
          'This is the beginning of the channel.'
        )}
      </p>
      {prompts !== undefined && prompts.length > 0 && (
        <div className="prompt-row">
          {prompts.map((prompt) => (
            <button
              key={prompt.title}
              type="button"
              className="prompt"
              onClick={() => void session.act({ do: 'message', channel: channel.id, text: prompt.message })}
            >
              {prompt.title}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
