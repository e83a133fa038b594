import { z } from 'zod';
import { askQuestion } from '../../src/answers/ask.js';
import type { Intent } from '../../src/answers/intent.js';
import { proposeAlias } from '../../src/answers/learning/aliases.js';
import { askSmoothly } from '../../src/llm/ask-smoothly.js';
import type { Services } from '../../src/services.js';
import { answerReply, audienceOf } from '../../src/slack/cards/answer.js';
import type { ActionHandler, ButtonPress, Caller, Reply } from '../../src/slack/surface.js';
import { answerDetails } from '../../src/slack/views/answer-details.js';
import { knownAsset } from './known-asset.js';

/** An answer about exactly this asset. Its own identifier is asked for, so visibility and wording are those of any question. */
async function askAbout(services: Services, caller: Caller, assetId: string, intent: Intent): Promise<Reply> {
  const asked = await askSmoothly(services, {
    question: knownAsset(services, caller, assetId).sourceId,
    intent,
    personId: caller.person.id,
    surface: caller.surface,
    viewer: { id: caller.person.id, teams: caller.person.teams },
    audience: audienceOf(services, caller),
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

/** An ask-back answered: the chosen one takes the place of the question, and its words become a proposed name. */
async function pick(services: Services, { caller, value }: ButtonPress) {
  const [assetId = '', intent = 'define', questionId = ''] = value.split('|');
  await learnName(services, caller, assetId, questionId);
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

async function learnName(
  services: Services,
  caller: Caller,
  assetId: string,
  questionId: string,
): Promise<void> {
  if (!z.uuid().safeParse(questionId).success) return;
  await services.questions.flush();
  const asked = await services.db
    .selectFrom('question')
    .select('text')
    .where('id', '=', questionId)
    .where('person_id', '=', caller.person.id)
    .executeTakeFirst();
  if (!asked?.text) return;
  await proposeAlias(services, {
    assetId,
    text: asked.text,
    actor: caller.actor,
    personId: caller.person.id,
    now: caller.now,
  });
}

export const answerActions: readonly ActionHandler[] = [
  { actionId: 'answer:pick', mode: 'act', run: pick },
  { actionId: 'answer:pick:*', mode: 'act', run: pick },
  showing('answer:why', 'why-changed'),
  showing('answer:lineage', 'lineage'),
  showing('answer:define', 'define'),
  {
    actionId: 'answer:more',
    mode: 'read',
    run: async (services, { caller, value }) => {
      const { answer } = await askQuestion(services, {
        question: knownAsset(services, caller, value).sourceId,
        intent: 'define',
        viewer: { id: caller.person.id, teams: caller.person.teams },
        now: caller.now,
      });
      return { modal: { how: 'open', view: answerDetails(services, answer) } };
    },
  },
];
