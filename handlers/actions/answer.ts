import { z } from 'zod';
import { askQuestion } from '../../src/answers/ask.js';
import { type Intent, intents, recogniseIntent } from '../../src/answers/intent.js';
import { proposeAlias } from '../../src/answers/learning/aliases.js';
import { askSmoothly } from '../../src/llm/ask-smoothly.js';
import type { Services } from '../../src/services.js';
import { answerReply, audienceOf } from '../../src/slack/cards/answer.js';
import type { ActionHandler, ButtonPress, Caller, Reply } from '../../src/slack/surface.js';
import { answerDetails } from '../../src/slack/views/answer-details.js';
import { knownAsset } from './known-asset.js';

/** What a button asks about an asset: in the words of the question that it stands under, else by the asset's own identifier. */
interface AboutAsset {
  assetId: string;
  intent: Intent;
  question?: string;
}

/** An answer about exactly this asset; visibility and wording are those of any question. */
async function askAbout(
  services: Services,
  caller: Caller,
  { assetId, intent, question }: AboutAsset,
): Promise<Reply> {
  const asset = knownAsset(services, caller, assetId);
  const asked = await askSmoothly(services, {
    question: question ?? asset.sourceId,
    about: asset.id,
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
      reply: { ...(await askAbout(services, caller, { assetId: value, intent })), shareable: false },
    }),
  };
}

/**
 * An ask-back answered: the chosen one takes the place of the question, which keeps its use and its time ("for the board", "in October"), and the
 * words for it become a proposed name.
 */
async function pick(services: Services, { caller, value }: ButtonPress) {
  const [assetId = '', asked, questionId = '', noName] = value.split('|');
  const intent = z.enum(intents).catch('define').parse(asked);
  const question = await wordsOf(services, caller, questionId);
  if (question !== undefined && noName === undefined) await learnName(services, caller, assetId, question);
  const reply = await askAbout(services, caller, {
    assetId,
    intent,
    ...(question === undefined ? {} : { question }),
  });
  return { replace: { text: reply.text, blocks: reply.blocks ?? [] } };
}

/** The words of a question, for whoever asked it. */
async function wordsOf(services: Services, caller: Caller, questionId: string): Promise<string | undefined> {
  if (!z.uuid().safeParse(questionId).success) return undefined;
  await services.questions.flush();
  const asked = await services.db
    .selectFrom('question')
    .select('text')
    .where('id', '=', questionId)
    .where('person_id', '=', caller.person.id)
    .executeTakeFirst();
  return asked?.text ?? undefined;
}

async function learnName(
  services: Services,
  caller: Caller,
  assetId: string,
  question: string,
): Promise<void> {
  await proposeAlias(services, {
    assetId,
    text: recogniseIntent(question).subject,
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
