import type { RichTextInput } from '@slack/types';
import { type ReactNode, useRef, useState } from 'react';
import { richTextFromTyped, typedFromRichText } from '../../text/rich-text-from-mrkdwn.js';
import { FormatBar } from '../../ui/format-bar.js';
import { useDirectory } from '../host.js';
import type { ElementContext } from './element-props.js';
import { useElement } from './use-element.js';

/** A field for formatted text: written with Slack's marks (as Slack's own "format messages with markup"), sent as rich_text. */
export function RichTextInputElement({
  element,
  context,
}: {
  element: RichTextInput;
  context: ElementContext;
}): ReactNode {
  const { value, keep, commit } = useElement(element, context);
  const directory = useDirectory();
  const field = useRef<HTMLTextAreaElement>(null);
  const [typed, setTyped] = useState(() =>
    typeof value === 'object' && value !== null && !Array.isArray(value) ? typedFromRichText(value) : '',
  );
  const toBlock = (text: string): ReturnType<typeof richTextFromTyped> | null =>
    text.trim() === ''
      ? null
      : richTextFromTyped(text, { user: findId(directory.users()), channel: findId(directory.channels()) });
  const change = (text: string): void => {
    setTyped(text);
    keep(toBlock(text));
  };
  return (
    <div className={`bk-rich-input${context.invalid === true ? ' invalid' : ''}`}>
      <FormatBar field={field} onChange={change} label="Formatting" />
      <textarea
        ref={field}
        id={context.controlId}
        rows={Math.min(element.min_lines ?? 3, 12)}
        value={typed}
        placeholder={element.placeholder?.text}
        aria-label={
          context.labelledBy === undefined ? (element.placeholder?.text ?? 'Formatted text') : undefined
        }
        aria-describedby={context.describedBy}
        aria-invalid={context.invalid === true || undefined}
        // biome-ignore lint/a11y/noAutofocus: Block Kit's focus_on_load asks for it.
        autoFocus={element.focus_on_load === true}
        onChange={(event) => change(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && context.dispatches) {
            event.preventDefault();
            void commit(toBlock(typed));
          }
        }}
      />
    </div>
  );
}

function findId(
  entries: { id: string; label: string; detail: string }[],
): (name: string) => string | undefined {
  return (name) =>
    entries.find((entry) => entry.label.replace(/^#/, '') === name || entry.detail.replace(/^@/, '') === name)
      ?.id;
}
