import { section } from '../src/slack/blocks.js';
import { escapeMrkdwn } from '../src/slack/mrkdwn.js';
import type { Reply } from '../src/slack/surface.js';

/** A private reply in plain words: parts of it were written by people or catalogs, so it is escaped here, once. */
export function said(text: string): Reply {
  const escaped = escapeMrkdwn(text);
  return { text: escaped, blocks: [section(escaped)], visibility: 'asker' };
}
