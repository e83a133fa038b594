import { memo, type ReactNode, useState } from 'react';
import type { PlayMessage } from '../../../protocol.js';
import { BlockList } from '../blocks/block-list.js';
import { HostContext, useDirectory } from '../blocks/host.js';
import { usePage, useSession } from '../state/use-session.js';
import { clockTime, relative, tsToDate } from '../text/dates.js';
import { EmojiGlyph, Mrkdwn } from '../text/mrkdwn-view.js';
import { Avatar } from '../ui/avatar.js';
import { Icon } from '../ui/icons.js';
import { useMessageHost } from './hosts.js';
import { MessageEdit } from './message-edit.js';
import { Attachments, Files, Unfurls } from './message-extras.js';
import { MessageToolbar } from './message-toolbar.js';
import { StreamChunks } from './stream-chunks.js';

interface MessageProps {
  message: PlayMessage;
  /** Follows one of the same author within five minutes: no avatar, no name. */
  compact: boolean;
  inThread: boolean;
  /** The message that arrow keys are at. */
  tabbable: boolean;
}

export const MessageRow = memo(function MessageRow({
  message,
  compact,
  inThread,
  tabbable,
}: MessageProps): ReactNode {
  const [hot, setHot] = useState(false);
  const [pinnedOpen, setPinnedOpen] = useState(false);
  const [editing, setEditing] = useState(false);
  const { dates } = useDirectory();
  const app = usePage((state) => state.info.app);
  const sought = usePage((state) => state.sought === message.ts);
  const author = usePage((state) => state.people.get(message.user));
  const isApp = message.bot_id !== undefined || message.user === app.bot_user_id;
  const name = message.username ?? author?.real_name ?? (isApp ? app.name : 'Someone');
  const time = clockTime(message.ts, dates);
  const ephemeral = message.ephemeral_to !== undefined;
  const system =
    message.subtype !== undefined &&
    /^(channel|group)_(join|leave|topic|purpose|name|archive|unarchive)$/.test(message.subtype);
  return (
    <li
      className={`message${compact ? ' compact' : ''}${ephemeral ? ' ephemeral' : ''}${system ? ' system' : ''}${message.pinned ? ' pinned' : ''}${sought ? ' sought' : ''}`}
      data-ts={message.ts}
      tabIndex={tabbable ? 0 : -1}
      aria-label={`${name}, ${time}${ephemeral ? ', only visible to you' : ''}`}
      onPointerEnter={() => setHot(true)}
      onPointerLeave={() => setHot(false)}
      onFocus={() => setHot(true)}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) setHot(false);
      }}
    >
      <div className="message-gutter">
        {compact ? (
          <span className="message-side-time" aria-hidden="true">
            {time.replace(/\s?[AP]M$/, '')}
          </span>
        ) : (
          <Avatar id={message.user} name={name} app={isApp} />
        )}
      </div>
      <div className="message-main">
        {ephemeral && (
          <div className="message-note">
            <Icon name="eye" /> Only visible to you
          </div>
        )}
        {message.pinned && (
          <div className="message-note">
            <Icon name="pin" /> Pinned
          </div>
        )}
        {message.broadcast === true && !inThread && <div className="message-note">replied to a thread</div>}
        {!compact && (
          <div className="message-head">
            <span className="message-author">{name}</span>
            {isApp && <span className="app-badge">APP</span>}
            {author !== undefined && author.status_emoji !== '' && (
              <span title={author.status_text}>
                <EmojiGlyph name={author.status_emoji.replaceAll(':', '')} />
              </span>
            )}
            <time
              className="message-time"
              dateTime={tsToDate(message.ts).toISOString()}
              title={tsToDate(message.ts).toUTCString()}
            >
              {time}
            </time>
          </div>
        )}
        {editing ? (
          <MessageEdit message={message} onDone={() => setEditing(false)} />
        ) : (
          <MessageBody message={message} />
        )}
        <Reactions message={message} />
        {!inThread && <ThreadFoot message={message} />}
      </div>
      {(hot || pinnedOpen) && !system && !editing && (
        <MessageToolbar
          message={message}
          inThread={inThread}
          onEdit={() => setEditing(true)}
          onOpenChange={setPinnedOpen}
        />
      )}
    </li>
  );
});

function MessageBody({ message }: { message: PlayMessage }): ReactNode {
  const host = useMessageHost(message);
  return (
    <HostContext value={host}>
      <div className="message-body">
        <StreamChunks chunks={message.chunks ?? []} />
        {message.blocks.length > 0 ? (
          <BlockList blocks={message.blocks} />
        ) : (
          message.text !== '' && <Mrkdwn text={message.text} />
        )}
        {message.edited !== undefined && <span className="edited"> (edited)</span>}
        {message.streaming === true && (
          <span className="streaming" role="img" aria-label="still writing">
            ▍
          </span>
        )}
        <Attachments attachments={message.attachments} />
        <Unfurls unfurls={message.unfurls} />
        <Files files={message.files} />
      </div>
    </HostContext>
  );
}

function Reactions({ message }: { message: PlayMessage }): ReactNode {
  const session = useSession();
  const me = usePage((state) => state.me);
  const { userName } = useDirectory();
  if (message.reactions.length === 0) return null;
  return (
    <ul className="reactions" aria-label="Reactions">
      {message.reactions.map((reaction) => {
        const mine = reaction.users.includes(me);
        const who = reaction.users.map((user) => userName(user) ?? user).join(', ');
        return (
          <li key={reaction.name}>
            <button
              type="button"
              className={`reaction${mine ? ' mine' : ''}`}
              aria-pressed={mine}
              aria-label={`${reaction.name.replaceAll('_', ' ')}, ${reaction.count}: ${who}`}
              title={`${who} reacted with :${reaction.name}:`}
              onClick={() =>
                void session.act({
                  do: 'react',
                  channel: message.channel,
                  message: message.ts,
                  value: reaction.name,
                  ...(mine ? { remove: true } : {}),
                })
              }
            >
              <EmojiGlyph name={reaction.name} /> <span>{reaction.count}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}

function ThreadFoot({ message }: { message: PlayMessage }): ReactNode {
  const session = useSession();
  const { dates, userName } = useDirectory();
  const bot = usePage((state) => state.info.app.bot_user_id);
  const appName = usePage((state) => state.info.app.name);
  const status = usePage((state) => state.statuses.get(`${message.channel}:${message.ts}`)?.status);
  const count = message.reply_count ?? 0;
  const open = (): void => session.go({ channel: message.channel, thread: message.thread_ts ?? message.ts });
  if (message.broadcast === true) {
    return (
      <button type="button" className="link-button" onClick={open}>
        View thread
      </button>
    );
  }
  if (count === 0)
    return status === undefined || status === '' ? null : (
      <div className="status-line">
        {appName} {status}
      </div>
    );
  return (
    <button type="button" className="thread-foot" onClick={open}>
      <span className="thread-faces" aria-hidden="true">
        {(message.reply_users ?? []).slice(0, 4).map((user) => (
          <Avatar key={user} id={user} name={userName(user) ?? user} app={user === bot} size="small" />
        ))}
      </span>
      <span className="thread-count">
        {count} {count === 1 ? 'reply' : 'replies'}
      </span>
      {message.latest_reply !== undefined && (
        <span className="thread-last">Last reply {relative(tsToDate(message.latest_reply), dates.now)}</span>
      )}
    </button>
  );
}
