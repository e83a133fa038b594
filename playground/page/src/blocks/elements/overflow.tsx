import type { Overflow } from '@slack/types';
import type { ReactNode } from 'react';
import { Plain } from '../../text/mrkdwn-view.js';
import { safeUrl } from '../../text/safe-url.js';
import { MenuButton } from '../../ui/menu.js';
import type { ElementContext } from './element-props.js';
import { useElement } from './use-element.js';

export function OverflowElement({
  element,
  context,
}: {
  element: Overflow;
  context: ElementContext;
}): ReactNode {
  const { press } = useElement(element, context);
  return (
    <MenuButton
      label="More actions"
      className="bk-button bk-overflow"
      alignEnd
      sections={[
        {
          items: element.options.map((option, index) => ({
            key: `${index}`,
            label: <Plain text={option.text.text} emoji={option.text.emoji} />,
            detail: option.description?.text,
            href: safeUrl(option.url),
            choose: () => void press(option.value ?? ''),
          })),
        },
      ]}
    >
      <span aria-hidden="true">⋯</span>
    </MenuButton>
  );
}
