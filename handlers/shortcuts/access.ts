import { datasetNamed } from '../../src/access/datasets.js';
import type { ShortcutHandler } from '../../src/slack/surface.js';

/** From any message: the form, with the dataset that the message names. */
export const accessShortcuts: readonly ShortcutHandler[] = [
  {
    callbackId: 'access:request-message',
    type: 'message',
    name: 'Request access',
    description: 'Ask for access to the dataset that this message is about',
    run: async (services, caller, message) => {
      const words = (message?.text ?? '').match(/[a-z0-9_]+(?:\.[a-z0-9_]+)*/gi) ?? [];
      for (const word of words.filter((item) => item.length > 3).slice(0, 60)) {
        const last = word.split('.').at(-1) ?? word;
        const asset = datasetNamed(services, caller.person, word.includes('.') ? word : last);
        if (asset && asset.name.toLowerCase() === last.toLowerCase()) {
          return { callbackId: 'access:request', params: { dataset: asset.id } };
        }
      }
      return { callbackId: 'access:request', params: {} };
    },
  },
  {
    callbackId: 'access:request-global',
    type: 'global',
    name: 'Request access to data',
    description: 'Ask for access to a dataset',
    run: async () => ({ callbackId: 'access:request', params: {} }),
  },
];
