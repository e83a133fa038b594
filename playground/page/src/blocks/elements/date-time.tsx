import type { Datepicker, DateTimepicker, Timepicker } from '@slack/types';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { partsIn, wallToEpochSeconds } from '../../text/dates.js';
import { useDirectory } from '../host.js';
import type { ElementContext } from './element-props.js';
import { useElement } from './use-element.js';

interface FieldProps {
  kind: 'date' | 'time' | 'datetime-local';
  label: string;
  current: string;
  context: ElementContext;
  autoFocus: boolean;
  commit: (typed: string) => void;
}

/**
 * The browser's own date and time fields. Typing "15" passes through day 1: by keyboard the value is committed when the field
 * is left or at Enter, by the picker at once.
 */
function Field({ kind, label, current, context, autoFocus, commit }: FieldProps): ReactNode {
  const [typed, setTyped] = useState(current);
  const byKeyboard = useRef(false);
  useEffect(() => setTyped(current), [current]);
  const settle = (value: string): void => {
    if (value !== current) commit(value);
  };
  return (
    <input
      id={context.controlId}
      className="bk-input bk-date"
      type={kind}
      value={typed}
      aria-label={context.labelledBy === undefined ? label : undefined}
      aria-describedby={context.describedBy}
      aria-invalid={context.invalid === true || undefined}
      // biome-ignore lint/a11y/noAutofocus: Block Kit's focus_on_load asks for it.
      autoFocus={autoFocus}
      onPointerDown={() => {
        byKeyboard.current = false;
      }}
      onChange={(event) => {
        setTyped(event.target.value);
        if (!context.dispatches || !byKeyboard.current) settle(event.target.value);
      }}
      onBlur={() => settle(typed)}
      onKeyDown={(event) => {
        byKeyboard.current = true;
        if (event.key === 'Enter' && context.dispatches) settle(typed);
      }}
    />
  );
}

export function DateElement({
  element,
  context,
}: {
  element: Datepicker;
  context: ElementContext;
}): ReactNode {
  const { value, commit } = useElement(element, context);
  return (
    <Field
      kind="date"
      label={element.placeholder?.text ?? 'Date'}
      current={typeof value === 'string' ? value : ''}
      context={context}
      autoFocus={element.focus_on_load === true}
      commit={(typed) => void commit(typed === '' ? null : typed)}
    />
  );
}

export function TimeElement({
  element,
  context,
}: {
  element: Timepicker;
  context: ElementContext;
}): ReactNode {
  const { value, commit } = useElement(element, context);
  return (
    <Field
      kind="time"
      label={element.placeholder?.text ?? 'Time'}
      current={typeof value === 'string' ? value : ''}
      context={context}
      autoFocus={element.focus_on_load === true}
      commit={(typed) => void commit(typed === '' ? null : typed)}
    />
  );
}

/** Slack shows and reads the wall time of the person's own zone. */
export function DateTimeElement({
  element,
  context,
}: {
  element: DateTimepicker;
  context: ElementContext;
}): ReactNode {
  const { value, commit } = useElement(element, context);
  const zone = useDirectory().dates.timeZone;
  const shown = typeof value === 'number' ? partsIn(new Date(value * 1000), zone) : undefined;
  return (
    <span className="bk-datetime">
      <Field
        kind="datetime-local"
        label="Date and time"
        current={shown === undefined ? '' : `${shown.day}T${shown.time}`}
        context={context}
        autoFocus={element.focus_on_load === true}
        commit={(typed) => {
          const [day = '', time = ''] = typed.split('T');
          void commit(wallToEpochSeconds(day, time.slice(0, 5), zone) ?? null);
        }}
      />
      <span className="bk-zone">{zone}</span>
    </span>
  );
}
