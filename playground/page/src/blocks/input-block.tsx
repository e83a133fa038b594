import type { InputBlock } from '@slack/types';
import { type ReactNode, useId } from 'react';
import { Plain } from '../text/mrkdwn-view.js';
import { Element } from './elements/element.js';
import { useHost } from './host.js';

/** A labelled field with its hint and the app's refusal. */
export function InputBlockView({ block }: { block: InputBlock }): ReactNode {
  const host = useHost();
  const id = useId();
  const blockId = block.block_id ?? '';
  const error = host.errors[blockId];
  const describedBy = [block.hint !== undefined && `${id}-hint`, error !== undefined && `${id}-error`]
    .filter((part) => part !== false)
    .join(' ');
  const grouped = block.element.type === 'checkboxes' || block.element.type === 'radio_buttons';
  const Label = grouped ? 'span' : 'label';
  return (
    <div className={`bk-input-block${error === undefined ? '' : ' has-error'}`} data-block-id={blockId}>
      <Label id={`${id}-label`} className="bk-label" {...(grouped ? {} : { htmlFor: `${id}-control` })}>
        <Plain text={block.label.text} emoji={block.label.emoji} />
        {block.optional === true && <span className="bk-optional"> (optional)</span>}
      </Label>
      <Element
        element={block.element}
        context={{
          blockId,
          dispatches: block.dispatch_action === true,
          labelledBy: `${id}-label`,
          controlId: `${id}-control`,
          describedBy: describedBy === '' ? undefined : describedBy,
          invalid: error !== undefined,
          required: block.optional !== true,
        }}
      />
      {error !== undefined && (
        <div id={`${id}-error`} className="bk-error" role="alert">
          <span aria-hidden="true">⚠ </span>
          {error}
        </div>
      )}
      {block.hint !== undefined && (
        <div id={`${id}-hint`} className="bk-hint">
          <Plain text={block.hint.text} emoji={block.hint.emoji} />
        </div>
      )}
    </div>
  );
}
