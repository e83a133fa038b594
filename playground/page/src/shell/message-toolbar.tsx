import type { ReactNode } from 'react';
import type { PlayMessage } from '../../../protocol.js';
import { usePage, useSession } from '../state/use-session.js';
import { quickReactions } from '../text/emoji.js';
import { EmojiGlyph } from '../text/mrkdwn-view.js';
import { EmojiButton } from '../ui/emoji-picker.js';
import { Icon } from '../ui/icons.js';
import { MenuButton, type MenuItem } from '../ui/menu.js';

interface ToolbarProps {
  message: PlayMessage;
  inThread: boolean;
  onEdit: () => void;
  /** A menu or picker of it is open: it must stay although the pointer left. */
  onOpenChange: (open: boolean) => void;
}

/** What one may do with a message: react, reply, its shortcuts, edit and delete one's own. */
export function MessageToolbar({ message, inThread, onEdit, onOpenChange }: ToolbarProps): ReactNode {
  const session = useSession();
  const me = usePage((state) => state.me);
  const shortcuts = usePage((state) => state.info.shortcuts);
  const appName = usePage((state) => state.info.app.name);
  const where = { channel: message.channel, message: message.ts };
  const ephemeral = message.ephemeral_to !== undefined;
  const react = (value: string): void => {
    const mine = message.reactions.find((reaction) => reaction.name === value)?.users.includes(me) === true;
    void session.act({ do: 'react', ...where, value, ...(mine ? { remove: true } : {}) });
  };
  const fromApp: MenuItem[] = shortcuts
    .filter((shortcut) => shortcut.type === 'message')
    .map((shortcut) => ({
      key: shortcut.callback_id,
      label: shortcut.name,
      detail: shortcut.description,
      choose: () => void session.act({ do: 'shortcut', callback_id: shortcut.callback_id, ...where }),
    }));
  const own: MenuItem[] =
    message.user === me && message.bot_id === undefined
      ? [
          { key: 'edit', label: 'Edit message', choose: onEdit },
          {
            key: 'delete',
            label: 'Delete message',
            danger: true,
            choose: () => void session.act({ do: 'delete', ...where }),
          },
        ]
      : [];
  const copy: MenuItem = {
    key: 'copy',
    label: 'Copy text',
    choose: () =>
      void navigator.clipboard
        ?.writeText(message.text)
        .catch(() => session.notify('The clipboard is not available.')),
  };
  return (
    <div className="message-toolbar" role="toolbar" aria-label="Message actions">
      {!ephemeral && (
        <>
          {quickReactions.map((name) => (
            <button
              key={name}
              type="button"
              className="tool quick"
              aria-label={`React with ${name.replaceAll('_', ' ')}`}
              title={`:${name}:`}
              onClick={() => react(name)}
            >
              <EmojiGlyph name={name} />
            </button>
          ))}
          <EmojiButton
            label="Find another reaction"
            className="tool"
            onPick={react}
            onOpenChange={onOpenChange}
          >
            <Icon name="smile" />
          </EmojiButton>
          {!inThread && (
            <button
              type="button"
              className="tool"
              aria-label="Reply in thread"
              title="Reply in thread"
              onClick={() =>
                session.go({ channel: message.channel, thread: message.thread_ts ?? message.ts })
              }
            >
              <Icon name="reply" />
            </button>
          )}
        </>
      )}
      <MenuButton
        label="More message actions"
        className="tool"
        alignEnd
        onOpenChange={onOpenChange}
        sections={[
          { items: [copy] },
          ...(own.length > 0 ? [{ items: own }] : []),
          ...(fromApp.length > 0 && !ephemeral ? [{ title: appName, items: fromApp }] : []),
        ]}
      >
        <Icon name="more" />
      </MenuButton>
    </div>
  );
}
