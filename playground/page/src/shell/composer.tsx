import {
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { flushSync } from 'react-dom';
import { usePage, useSession } from '../state/use-session.js';
import { EmojiButton } from '../ui/emoji-picker.js';
import { FormatBar } from '../ui/format-bar.js';
import { Icon } from '../ui/icons.js';
import { MenuButton } from '../ui/menu.js';
import { Popup } from '../ui/popup.js';
import { applyCompletion, type Completion, useCompletions } from './completions.js';

/** Half-written messages outlive a look at another channel. */
const drafts = new Map<string, string>();
const maxRows = 10;

interface ComposerProps {
  channel: string;
  thread: string | undefined;
  placeholder: string;
}

/** Where one writes: commands, mentions, channels and emoji complete; Enter sends, Shift+Enter breaks the line. */
export function Composer({ channel, thread, placeholder }: ComposerProps): ReactNode {
  const session = useSession();
  const me = usePage((state) => state.me);
  const commands = usePage((state) => state.info.commands);
  const shortcuts = usePage((state) => state.info.shortcuts);
  const draftKey = `${me}:${channel}:${thread ?? ''}`;
  const [text, setText] = useState(() => drafts.get(draftKey) ?? '');
  const [caret, setCaret] = useState(0);
  const [dismissed, setDismissed] = useState('');
  const [active, setActive] = useState(0);
  const [files, setFiles] = useState<{ id: string; name: string }[]>([]);
  const field = useRef<HTMLTextAreaElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const listId = useId();
  const { items, anchor } = useCompletions(text, caret, thread !== undefined);
  const open = items.length > 0 && dismissed !== anchor;

  const write = (next: string): void => {
    setText(next);
    drafts.set(draftKey, next);
    setActive(0);
  };
  useEffect(() => setText(drafts.get(draftKey) ?? ''), [draftKey]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text.
  useLayoutEffect(() => {
    const element = field.current;
    if (element === null) return;
    element.style.height = 'auto';
    const line = Number.parseFloat(getComputedStyle(element).lineHeight) || 22;
    element.style.height = `${Math.min(element.scrollHeight, line * maxRows + 20)}px`;
  }, [text]);

  const accept = (completion: Completion): void => {
    const next = applyCompletion(text, caret, completion);
    // At once, and not in the next frame: who types on must not have the caret moved under their fingers.
    flushSync(() => {
      write(next.text);
      setCaret(next.caret);
    });
    field.current?.focus();
    field.current?.setSelectionRange(next.caret, next.caret);
  };

  const send = async (): Promise<void> => {
    const typed = text.trim();
    if (typed === '' && files.length === 0) return;
    const sentFiles = files;
    const isCommand = /^\/[a-z]/i.test(typed);
    if (isCommand && thread !== undefined) {
      session.notify(`${typed.split(/\s/)[0]} cannot be used in a thread. Mention the app instead.`, 'error');
      return;
    }
    write('');
    setFiles([]);
    const reply = await session.act(
      isCommand
        ? { do: 'command', channel, text: typed }
        : {
            do: 'message',
            channel,
            text: typed,
            ...(thread === undefined ? {} : { thread }),
            ...(sentFiles.length === 0 ? {} : { files: sentFiles.map((file) => file.id) }),
          },
    );
    // What could not be sent is not lost, unless something new was begun.
    if (!reply.ok && reply.posted === undefined && (drafts.get(draftKey) ?? '') === '') {
      write(typed);
      setFiles(sentFiles);
    }
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    if (open && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      event.preventDefault();
      setActive((active + (event.key === 'ArrowDown' ? 1 : -1) + items.length) % items.length);
      return;
    }
    const chosen = items[active];
    if (open && chosen !== undefined && (event.key === 'Tab' || event.key === 'Enter') && !event.shiftKey) {
      event.preventDefault();
      accept(chosen);
      return;
    }
    if (open && event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      setDismissed(anchor);
      return;
    }
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      void send();
    }
  };

  const attach = async (chosen: FileList | null): Promise<void> => {
    for (const file of chosen ?? []) {
      try {
        const { file: stored } = await session.api.upload(me, file);
        setFiles((before) => [...before, { id: stored.id, name: stored.name }]);
      } catch (error) {
        session.notify(error instanceof Error ? error.message : 'The file could not be uploaded.', 'error');
      }
    }
    field.current?.focus();
  };

  const command = commands.find((each) => text.startsWith(`${each.command} `) || text === each.command);
  return (
    <div className="composer-wrap">
      <div className="composer" ref={frame}>
        <FormatBar field={field} onChange={write} label="Formatting" />
        <textarea
          ref={field}
          rows={1}
          value={text}
          placeholder={placeholder}
          aria-label={placeholder}
          aria-autocomplete="list"
          aria-controls={open ? listId : undefined}
          aria-activedescendant={open ? `${listId}-${active}` : undefined}
          aria-describedby={command === undefined ? undefined : `${listId}-hint`}
          onChange={(event) => {
            write(event.target.value);
            setCaret(event.target.selectionStart);
          }}
          onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
          onKeyDown={onKeyDown}
        />
        {files.length > 0 && (
          <div className="composer-files">
            {files.map((file) => (
              <span key={file.id} className="chip">
                {file.name}
                <button
                  type="button"
                  aria-label={`Remove ${file.name}`}
                  onClick={() => setFiles(files.filter((other) => other.id !== file.id))}
                >
                  <span aria-hidden="true">✕</span>
                </button>
              </span>
            ))}
          </div>
        )}
        <div className="composer-foot">
          <button
            type="button"
            className="tool"
            aria-label="Attach a file"
            title="Attach a file"
            onClick={() => picker.current?.click()}
          >
            <Icon name="plus" />
          </button>
          <input
            ref={picker}
            type="file"
            multiple
            hidden
            onChange={(event) => void attach(event.target.files)}
          />
          <EmojiButton label="Insert an emoji" className="tool" onPick={(name) => write(`${text}:${name}: `)}>
            <Icon name="smile" />
          </EmojiButton>
          {thread === undefined && (
            <MenuButton
              label="Shortcuts"
              className="tool"
              sections={[
                {
                  title: 'Shortcuts',
                  items: shortcuts
                    .filter((shortcut) => shortcut.type === 'global')
                    .map((shortcut) => ({
                      key: shortcut.callback_id,
                      label: shortcut.name,
                      detail: shortcut.description,
                      choose: () => void session.act({ do: 'shortcut', callback_id: shortcut.callback_id }),
                    })),
                },
                {
                  title: 'Commands',
                  items: commands.map((each) => ({
                    key: each.command,
                    label: each.command,
                    detail: each.description,
                    choose: () => {
                      write(`${each.command} `);
                      setCaret(each.command.length + 1);
                      requestAnimationFrame(() => field.current?.focus());
                    },
                  })),
                },
              ]}
            >
              <Icon name="bolt" />
            </MenuButton>
          )}
          <span id={`${listId}-hint`} className="composer-hint">
            {command !== undefined && !open ? `${command.command} ${command.usage_hint}` : ''}
          </span>
          <button
            type="button"
            className="send"
            aria-label="Send message"
            title="Send (Enter)"
            disabled={text.trim() === '' && files.length === 0}
            onClick={() => void send()}
          >
            <Icon name="send" />
          </button>
        </div>
      </div>
      {open && (
        <Popup
          anchor={frame}
          onClose={() => setDismissed(anchor)}
          matchWidth
          className="listbox-popup completion-popup"
        >
          <div id={listId} role="listbox" aria-label="Suggestions" className="listbox" tabIndex={-1}>
            {items.map((item, index) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the field's; the list is only pointed at.
              <div
                key={item.key}
                id={`${listId}-${index}`}
                role="option"
                tabIndex={-1}
                aria-selected={index === active}
                className={`option${index === active ? ' active' : ''}`}
                onMouseDown={(event) => event.preventDefault()}
                onPointerMove={() => index !== active && setActive(index)}
                onClick={() => accept(item)}
              >
                <span className="option-label">{item.label}</span>
                <span className="option-detail">{item.detail}</span>
              </div>
            ))}
          </div>
        </Popup>
      )}
    </div>
  );
}
