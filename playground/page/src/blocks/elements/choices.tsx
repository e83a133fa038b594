import type { Checkboxes, RadioButtons } from '@slack/types';
import { type ReactNode, useId } from 'react';
import { TextView } from '../text-view.js';
import type { ElementContext } from './element-props.js';
import { useElement } from './use-element.js';

/** Checkboxes and radio buttons: real inputs in a named group. */
export function ChoicesElement({
  element,
  context,
}: {
  element: Checkboxes | RadioButtons;
  context: ElementContext;
}): ReactNode {
  const { value, commit } = useElement(element, context);
  const name = useId();
  const many = element.type === 'checkboxes';
  const chosen = new Set(Array.isArray(value) ? value : typeof value === 'string' ? [value] : []);
  const change = (option: string, checked: boolean): void => {
    if (!many) return void commit(option);
    const next = element.options
      .map((each) => each.value ?? '')
      .filter((each) => (each === option ? checked : chosen.has(each)));
    void commit(next);
  };
  return (
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: both roles of the two take a label; a fieldset cannot take the block's as its name.
    <div
      role={many ? 'group' : 'radiogroup'}
      className="bk-choices"
      aria-labelledby={context.labelledBy}
      aria-describedby={context.describedBy}
      aria-label={context.labelledBy === undefined ? (many ? 'Checkboxes' : 'Choices') : undefined}
    >
      {element.options.map((option, index) => {
        const optionValue = option.value ?? '';
        return (
          <label key={`${index}-${optionValue}`} className="bk-choice">
            <input
              type={many ? 'checkbox' : 'radio'}
              name={name}
              value={optionValue}
              checked={chosen.has(optionValue)}
              onChange={(event) => change(optionValue, event.target.checked)}
            />
            <span>
              <TextView text={option.text} />
              {option.description !== undefined && (
                <span className="bk-choice-detail">
                  <TextView text={option.description} />
                </span>
              )}
            </span>
          </label>
        );
      })}
    </div>
  );
}
