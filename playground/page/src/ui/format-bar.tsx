import type { ReactNode, RefObject } from 'react';
import { flushSync } from 'react-dom';

const marks = [
  { mark: '*', label: 'Bold', sign: 'B', className: 'fb-bold' },
  { mark: '_', label: 'Italic', sign: 'I', className: 'fb-italic' },
  { mark: '~', label: 'Strikethrough', sign: 'S', className: 'fb-strike' },
  { mark: '`', label: 'Code', sign: '</>', className: 'fb-code' },
] as const;

interface FormatBarProps {
  field: RefObject<HTMLTextAreaElement | null>;
  onChange: (text: string) => void;
  label: string;
}

/** Puts Slack's marks around the selection, or a list or quote sign before its lines. */
export function FormatBar({ field, onChange, label }: FormatBarProps): ReactNode {
  const edit = (
    change: (text: string, start: number, end: number) => { text: string; start: number; end: number },
  ): void => {
    const element = field.current;
    if (element === null) return;
    const next = change(element.value, element.selectionStart, element.selectionEnd);
    flushSync(() => onChange(next.text));
    element.focus();
    element.setSelectionRange(next.start, next.end);
  };
  const wrap = (mark: string): void =>
    edit((text, start, end) => ({
      text: `${text.slice(0, start)}${mark}${text.slice(start, end)}${mark}${text.slice(end)}`,
      start: start + 1,
      end: end + 1,
    }));
  const prefix = (sign: string): void =>
    edit((text, start, end) => {
      const lineStart = text.lastIndexOf('\n', start - 1) + 1;
      const lines = text.slice(lineStart, end).split('\n');
      const changed = lines.map((line) => `${sign}${line}`).join('\n');
      return {
        text: text.slice(0, lineStart) + changed + text.slice(end),
        start: start + sign.length,
        end: lineStart + changed.length,
      };
    });
  return (
    <div className="format-bar" role="toolbar" aria-label={label}>
      {marks.map(({ mark, label: name, sign, className }) => (
        <button
          key={mark}
          type="button"
          tabIndex={-1}
          className={className}
          aria-label={name}
          title={name}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => wrap(mark)}
        >
          {sign}
        </button>
      ))}
      <span className="format-gap" />
      <button
        type="button"
        tabIndex={-1}
        aria-label="Bulleted list"
        title="Bulleted list"
        onMouseDown={(event) => event.preventDefault()}
        onClick={() => prefix('- ')}
      >
        •≡
      </button>
      <button
        type="button"
        tabIndex={-1}
        aria-label="Quote"
        title="Quote"
        onMouseDown={(event) => event.preventDefault()}
        onClick={() => prefix('> ')}
      >
        ❝
      </button>
    </div>
  );
}
