import type { ReactNode } from 'react';
import { Mrkdwn, Plain } from '../text/mrkdwn-view.js';
import type { TextObject } from './types.js';

/** A text object: formatted or literal. */
export function TextView({ text }: { text: TextObject }): ReactNode {
  return text.type === 'mrkdwn' ? <Mrkdwn text={text.text} /> : <Plain text={text.text} emoji={text.emoji} />;
}
