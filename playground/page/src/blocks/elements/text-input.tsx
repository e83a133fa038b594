import type { EmailInput, NumberInput, PlainTextInput, URLInput } from '@slack/types';
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import type { ElementContext } from './element-props.js';
import { useElement } from './use-element.js';

type TextElement = PlainTextInput | EmailInput | NumberInput | URLInput;

const htmlTypes = {
  plain_text_input: 'text',
  email_text_input: 'email',
  number_input: 'text',
  url_text_input: 'url',
} as const;

/** One- and many-line text, number, e-mail and address fields. */
export function TextInputElement({
  element,
  context,
}: {
  element: TextElement;
  context: ElementContext;
}): ReactNode {
  const { value, keep, commit } = useElement(element, context);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const text = typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
  const triggers = element.dispatch_action_config?.trigger_actions_on ?? ['on_enter_pressed'];
  const multiline = element.type === 'plain_text_input' && element.multiline === true;

  const change = (next: string): void => {
    keep(next === '' ? null : next);
    if (!context.dispatches || !triggers.includes('on_character_entered')) return;
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void commit(next === '' ? null : next), 250);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (
      event.key !== 'Enter' ||
      event.nativeEvent.isComposing ||
      !context.dispatches ||
      !triggers.includes('on_enter_pressed')
    )
      return;
    if (multiline && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    void commit(text === '' ? null : text);
  };

  const shared = {
    id: context.controlId,
    className: `bk-input${multiline ? ' bk-multiline' : ''}`,
    value: text,
    placeholder: element.placeholder?.text,
    'aria-label': context.labelledBy === undefined ? (element.placeholder?.text ?? 'Text') : undefined,
    'aria-describedby': context.describedBy,
    'aria-invalid': context.invalid === true || undefined,
    'aria-required': context.required === true || undefined,
    maxLength: element.type === 'plain_text_input' ? element.max_length : undefined,
    autoFocus: element.focus_on_load === true,
    onKeyDown,
  };
  if (multiline) return <textarea {...shared} rows={4} onChange={(event) => change(event.target.value)} />;
  return (
    <input
      {...shared}
      type={htmlTypes[element.type]}
      inputMode={
        element.type === 'number_input' ? (element.is_decimal_allowed ? 'decimal' : 'numeric') : undefined
      }
      autoComplete="off"
      onChange={(event) => change(event.target.value)}
    />
  );
}
