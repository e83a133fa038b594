import { splitRequest } from '../../src/backfills/split-request.js';
import { maySeeOf } from '../../src/backfills/visibility.js';
import type { ShortcutHandler } from '../../src/slack/surface.js';

/** From anywhere. */
export const backfillShortcut: ShortcutHandler = {
  callbackId: 'backfill',
  type: 'global',
  name: 'Request a backfill',
  description: 'Have partitions of a pipeline rebuilt',
  run: async () => ({ callbackId: 'backfill-request', params: {} }),
};

/** From a message that says what is wrong. Its words become the reason; only a pipeline it names is filled in. */
export const backfillMessageShortcut: ShortcutHandler = {
  callbackId: 'backfill-message',
  type: 'message',
  name: 'Request a backfill',
  description: 'Have partitions of a pipeline rebuilt because of this message',
  async run(services, caller, message) {
    const text = message?.text ?? '';
    const { view } = services.catalog.current();
    const maySee = maySeeOf(services.config, caller.person);
    const named = text
      .split(/\s+/)
      .map((word) => splitRequest(view, word.replace(/^[`"'(]+|[`"'),.:]+$/g, ''), maySee))
      .find(({ pipeline }) => pipeline !== undefined);
    return {
      callbackId: 'backfill-request',
      params: {
        ...(named?.pipeline === undefined ? {} : { pipeline: named.pipeline }),
        reason: text.slice(0, 500),
      },
    };
  },
};
