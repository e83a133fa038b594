import type { ReactNode } from 'react';
import { ImageView } from '../image.js';
import type { ShownElement } from '../types.js';
import { ButtonElement, FeedbackElement, IconButtonElement } from './button.js';
import { ChoicesElement } from './choices.js';
import { DateElement, DateTimeElement, TimeElement } from './date-time.js';
import type { ElementContext } from './element-props.js';
import { FileInputElement } from './file-input.js';
import { OverflowElement } from './overflow.js';
import { RichTextInputElement } from './rich-text-input.js';
import { SelectElement } from './select.js';
import { TextInputElement } from './text-input.js';

/** One interactive element, wherever it stands. */
export function Element({
  element,
  context,
}: {
  element: ShownElement | { type: 'image'; alt_text: string };
  context: ElementContext;
}): ReactNode {
  switch (element.type) {
    case 'button':
    case 'workflow_button':
      return <ButtonElement element={element} context={context} />;
    case 'icon_button':
      return <IconButtonElement element={element} context={context} />;
    case 'feedback_buttons':
      return <FeedbackElement element={element} context={context} />;
    case 'overflow':
      return <OverflowElement element={element} context={context} />;
    case 'checkboxes':
    case 'radio_buttons':
      return <ChoicesElement element={element} context={context} />;
    case 'datepicker':
      return <DateElement element={element} context={context} />;
    case 'timepicker':
      return <TimeElement element={element} context={context} />;
    case 'datetimepicker':
      return <DateTimeElement element={element} context={context} />;
    case 'plain_text_input':
    case 'email_text_input':
    case 'number_input':
    case 'url_text_input':
      return <TextInputElement element={element} context={context} />;
    case 'rich_text_input':
      return <RichTextInputElement element={element} context={context} />;
    case 'file_input':
      return <FileInputElement element={element} context={context} />;
    case 'image':
      return <ImageView image={element} className="bk-accessory-image" />;
    default:
      return <SelectElement element={element} context={context} />;
  }
}
