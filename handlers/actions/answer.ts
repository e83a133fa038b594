import { askQuestion } from '../../src/answers/ask.js';
import type { Intent } from '../../src/answers/intent.js';
import type { Asset } from '../../src/catalog/asset.js';
import { NotFoundError } from '../../src/errors.js';
import type { Services } from '../../src/services.js';
import { answerReply } from '../../src/slack/cards/answer.js';
import type { ActionHandler, ButtonPress, Caller, Reply } from '../../src/slack/surface.js';
import { answerDetails } from '../../src/slack/views/answer-details.js';

function assetOf(services: Services, id: string): Asset {
  const asset = services.catalog.current().view.get(id);
  if (!asset) throw new NotFoundError('The catalog no longer has this. Ask again to see what is there now.');
  return asset;
}

/** An answer about exactly this asset. Its own identifier is asked for, so visibility and wording are those of any question. */
async function askAbout(services: Services, caller: Caller, assetId: string, intent: Intent): Promise<Reply> {
  const asked = await askQuestion(services, {
    question: assetOf(services, assetId).sourceId,
    intent,
    viewer: { id: caller.person.id, teams: caller.person.teams },
    now: caller.now,
  });
  return answerReply(services, caller, asked);
}

/** Buttons that show more of the same, to whoever pressed them. */
function showing(actionId: string, intent: Intent): ActionHandler {
  return {
    actionId,
    mode: 'read',
    run: async (services, { caller, value }) => ({
      reply: { ...(await askAbout(services, caller, value, intent)), shareable: false },
    }),
  };
}

/** An ask-back answered: the chosen one takes the place of the question. */
async function pick(services: Services, { caller, value }: ButtonPress) {
  const [assetId = '', intent = 'define'] = value.split('|');
  const reply = await askAbout(
    services,
    caller,
    assetId,
    intent === 'trust' ||
      intent === 'why-changed' ||
      intent === 'owner' ||
      intent === 'lineage' ||
      intent === 'freshness'
      ? intent
      : 'define',
  );
  return { replace: { text: reply.text, blocks: reply.blocks ?? [] } };
}

export const answerActions: readonly ActionHandler[] = [
  { actionId: 'answer:pick', mode: 'read', run: pick },
  { actionId: 'answer:pick:*', mode: 'read', run: pick },
  showing('answer:why', 'why-changed'),
  showing('answer:lineage', 'lineage'),
  showing('answer:define', 'define'),
  {
    actionId: 'answer:more',
    mode: 'read',
    run: async (services, { caller, value }) => {
      const { answer } = await askQuestion(services, {
        question: assetOf(services, value).sourceId,
        intent: 'define',
        viewer: { id: caller.person.id, teams: caller.person.teams },
        now: caller.now,
      });
      return { modal: { how: 'open', view: answerDetails(services, answer) } };
    },
  },
];
