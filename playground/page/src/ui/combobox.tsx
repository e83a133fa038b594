import {
  type KeyboardEvent,
  type ReactNode,
  useCallback,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
} from 'react';
import { Popup } from './popup.js';

export interface Choice {
  value: string;
  label: string;
  detail?: string | undefined;
  group?: string | undefined;
}

export type ChoiceSource =
  | { choices: (query: string) => Choice[] }
  | { search: (query: string, signal: AbortSignal) => Promise<{ choices: Choice[]; note?: string }> };

interface ComboboxProps {
  id?: string | undefined;
  label: string | undefined;
  labelledBy?: string | undefined;
  describedBy?: string | undefined;
  invalid?: boolean;
  placeholder: string;
  /** Chosen values, in order; one at most when not `multiple`. */
  selected: Choice[];
  multiple: boolean;
  maxSelected?: number | undefined;
  autoFocus?: boolean;
  disabled?: boolean;
  /** What is offered for the typed words: known here, or asked elsewhere. */
  source: ChoiceSource;
  onChange: (selected: Choice[]) => void;
}

type Offer = { state: 'loading' } | { state: 'ready'; choices: Choice[]; note: string | undefined };

/** An editable combobox with a list (WAI-ARIA 1.2): type to narrow, arrows, Enter, Esc, Backspace takes the last chip away. */
export function Combobox(props: ComboboxProps): ReactNode {
  const { selected, multiple, source, onChange } = props;
  const [open, setOpen] = useState(false);
  const [query, setQuery] = useState('');
  const [offer, setOffer] = useState<Offer>({ state: 'loading' });
  const [walked, setWalked] = useState<{ over: Choice[]; to: number } | undefined>(undefined);
  const frame = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const listId = useId();
  const close = useCallback(() => {
    setOpen(false);
    setQuery('');
  }, []);

  useEffect(() => {
    if (!open || !('search' in source)) return;
    const given = new AbortController();
    const settle = (choices: Choice[], note: string | undefined): void => {
      if (!given.signal.aborted) setOffer({ state: 'ready', choices, note });
    };
    setOffer({ state: 'loading' });
    source.search(query, given.signal).then(
      ({ choices, note }) => settle(choices, note),
      () => settle([], 'The list could not be read'),
    );
    return () => given.abort();
  }, [open, query, source]);

  const choices = useMemo(() => {
    if (!open) return [];
    if ('choices' in source) return source.choices(query);
    return offer.state === 'ready' ? offer.choices : [];
  }, [open, query, source, offer]);
  const chosen = useMemo(() => new Set(selected.map((choice) => choice.value)), [selected]);
  const full = props.maxSelected !== undefined && multiple && selected.length >= props.maxSelected;
  const first = multiple
    ? 0
    : Math.max(
        0,
        choices.findIndex((choice) => chosen.has(choice.value)),
      );
  // Where the arrows went counts only for the list they went over.
  const active = walked?.over === choices ? walked.to : first;
  const setActive = (to: number): void => setWalked({ over: choices, to });

  useEffect(() => {
    if (open) document.getElementById(`${listId}-${active}`)?.scrollIntoView({ block: 'nearest' });
  }, [open, active, listId]);

  const pick = (choice: Choice | undefined): void => {
    if (choice === undefined) return;
    if (!multiple) {
      onChange([choice]);
      close();
      return;
    }
    if (chosen.has(choice.value)) onChange(selected.filter((other) => other.value !== choice.value));
    else if (!full) onChange([...selected, choice]);
    setQuery('');
  };

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (!open) setOpen(true);
      else if (choices.length > 0)
        setActive((active + (event.key === 'ArrowDown' ? 1 : -1) + choices.length) % choices.length);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      if (open) pick(choices[active]);
      else setOpen(true);
    } else if (event.key === 'Escape' && open) {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (event.key === 'Tab') close();
    else if (event.key === 'Backspace' && query === '' && selected.length > 0) {
      event.preventDefault();
      onChange(selected.slice(0, -1));
    }
  };

  const only = !multiple ? selected[0] : undefined;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a press beside the text goes to the field in it.
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field in it has the keys.
    <div
      className={`combobox${multiple ? ' multiple' : ''}${props.invalid === true ? ' invalid' : ''}`}
      ref={frame}
      onClick={() => {
        input.current?.focus();
        setOpen(true);
      }}
    >
      {multiple &&
        selected.map((choice) => (
          <span key={choice.value} className="chip">
            {choice.label}
            <button
              type="button"
              aria-label={`Remove ${choice.label}`}
              onClick={(event) => {
                event.stopPropagation();
                onChange(selected.filter((other) => other.value !== choice.value));
                input.current?.focus();
              }}
            >
              <span aria-hidden="true">✕</span>
            </button>
          </span>
        ))}
      <input
        ref={input}
        id={props.id}
        type="text"
        role="combobox"
        autoComplete="off"
        spellCheck={false}
        aria-label={props.label}
        aria-labelledby={props.labelledBy}
        aria-describedby={props.describedBy}
        aria-invalid={props.invalid === true || undefined}
        aria-expanded={open}
        aria-controls={open ? listId : undefined}
        aria-autocomplete="list"
        aria-activedescendant={open && choices.length > 0 ? `${listId}-${active}` : undefined}
        disabled={props.disabled}
        // biome-ignore lint/a11y/noAutofocus: Block Kit's focus_on_load asks for it.
        autoFocus={props.autoFocus}
        placeholder={
          only === undefined && selected.length === 0
            ? props.placeholder
            : open && only !== undefined
              ? only.label
              : ''
        }
        value={open ? query : (only?.label ?? '')}
        onChange={(event) => {
          setQuery(event.target.value);
          setOpen(true);
        }}
        onKeyDown={onKeyDown}
      />
      <span className="combobox-arrow" aria-hidden="true" />
      {open && (
        <Popup anchor={frame} onClose={close} matchWidth className="listbox-popup">
          <OptionList
            listId={listId}
            label={props.label}
            labelledBy={props.labelledBy}
            multiple={multiple}
            choices={choices}
            chosen={chosen}
            active={active}
            onActive={setActive}
            onPick={pick}
          />
          <div className="listbox-note" role="status">
            {'search' in source && offer.state === 'loading'
              ? 'Searching…'
              : full
                ? `At most ${props.maxSelected} can be chosen`
                : (('search' in source && offer.state === 'ready' ? offer.note : undefined) ??
                  (choices.length === 0 ? 'Nothing found' : undefined))}
          </div>
        </Popup>
      )}
    </div>
  );
}

interface OptionListProps {
  listId: string;
  label: string | undefined;
  labelledBy: string | undefined;
  multiple: boolean;
  choices: Choice[];
  chosen: Set<string>;
  active: number;
  onActive: (index: number) => void;
  onPick: (choice: Choice) => void;
}

function OptionList({
  listId,
  label,
  labelledBy,
  multiple,
  choices,
  chosen,
  active,
  onActive,
  onPick,
}: OptionListProps): ReactNode {
  return (
    <div
      id={listId}
      role="listbox"
      aria-label={label}
      aria-labelledby={labelledBy}
      aria-multiselectable={multiple || undefined}
      className="listbox"
      tabIndex={-1}
    >
      {choices.map((choice, index) => {
        const heading =
          choice.group !== undefined && choice.group !== choices[index - 1]?.group ? choice.group : undefined;
        return (
          <div key={choice.value} role="presentation">
            {heading !== undefined && (
              <div className="listbox-group" role="presentation">
                {heading}
              </div>
            )}
            {/* biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the field's; the list is only pointed at. */}
            <div
              id={`${listId}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={chosen.has(choice.value)}
              className={`option${index === active ? ' active' : ''}`}
              onPointerMove={() => index !== active && onActive(index)}
              // The press must not take focus from the field.
              onPointerDown={(event) => event.preventDefault()}
              onMouseDown={(event) => event.preventDefault()}
              onClick={(event) => {
                event.stopPropagation();
                onPick(choice);
              }}
            >
              <span className="option-label">{choice.label}</span>
              {choice.detail !== undefined && choice.detail !== '' && (
                <span className="option-detail">{choice.detail}</span>
              )}
              {chosen.has(choice.value) && (
                <span className="option-tick" aria-hidden="true">
                  ✓
                </span>
              )}
            </div>
          </div>
        );
      })}
    </div>
  );
}
