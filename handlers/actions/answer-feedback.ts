import { rateAnswer } from '../../src/answers/learning/feedback.js';
import type { ActionHandler, HandlerResult } from '../../src/slack/surface.js';
import { knownAsset } from './known-asset.js';

function rating(helpful: boolean): ActionHandler['run'] {
  return async (services, press): Promise<HandlerResult> => {
    const asset = knownAsset(services, press.caller, press.value);
    await rateAnswer(services.db, {
      actor: press.caller.actor,
      personId: press.caller.person.id,
      assetId: asset.id,
      helpful,
      ...(helpful ? {} : { reason: 'unclear' }),
      title: asset.label ?? asset.name,
      now: press.caller.now,
    });
    const text = helpful
      ? 'Thanks, noted as helpful.'
      : 'Thanks, noted as not helpful: it is in the queue of what the catalog should say better.';
    return { reply: { text, visibility: 'asker' } };
  };
}

function form(actionId: string, callbackId: string, parameter: string, words: string): ActionHandler {
  return {
    actionId,
    mode: 'read',
    run: async (services, press) => {
      const asset = knownAsset(services, press.caller, press.value);
      return {
        reply: {
          text: words,
          visibility: 'asker',
          modal: { callbackId, params: { [parameter]: asset.id } },
        },
      };
    },
  };
}

/** Buttons of an answer that lead on: a thumb, a form. The last thumb of a person wins. */
export const answerFeedbackActions: readonly ActionHandler[] = [
  { actionId: 'answer:helpful', mode: 'act', run: rating(true) },
  { actionId: 'answer:unhelpful', mode: 'act', run: rating(false) },
  {
    // Slack's own thumbs are one element with two values.
    actionId: 'answer:feedback',
    mode: 'act',
    run: async (services, press) => {
      const [which, value = ''] = press.value.split('|');
      return rating(which === 'helpful')(services, { ...press, value });
    },
  },
  form('answer:report', 'incident:declare', 'asset', 'Report a problem with this.'),
  form('answer:access', 'access:request', 'dataset', 'Ask for access to this.'),
];
