import type { ShortcutHandler } from '../../src/slack/surface.js';

/** From a message: its words, link and files become the evidence. */
export const declareFromMessage: ShortcutHandler = {
  callbackId: 'incident:declare-from-message',
  type: 'message',
  name: 'Declare incident',
  description: 'Open a data incident with this message as its evidence',
  run: async (_services, _caller, message) => ({
    callbackId: 'incident:declare',
    params:
      message === null
        ? {}
        : {
            title: message.text.split('\n')[0]?.slice(0, 120) ?? '',
            evidence: message.text.slice(0, 1_500),
            link: `https://slack.com/archives/${message.channelId}/p${message.ts.replace('.', '')}`,
            key: `${message.channelId}:${message.ts}`,
            files: message.files
              .filter((file) => /^https?:/.test(file))
              .slice(0, 5)
              .join(' ')
              .slice(0, 800),
          },
  }),
};

export const declareShortcut: ShortcutHandler = {
  callbackId: 'incident:declare-global',
  type: 'global',
  name: 'Declare incident',
  description: 'Open a data incident',
  run: async () => ({ callbackId: 'incident:declare', params: {} }),
};
