import { section } from '../src/slack/blocks.js';
import { escapeMrkdwn, escapeWithTimes } from '../src/slack/mrkdwn.js';
import type { Reply } from '../src/slack/surface.js';

/** A private reply in plain words: parts of it were written by people or catalogs, so it is escaped here, once. */
export function said(text: string): Reply {
  return { text: escapeMrkdwn(text), blocks: [section(escapeWithTimes(text))], visibility: 'asker' };
}
