import { randomUUID } from 'node:crypto';
import { type Ask, type Asked, askQuestion } from '../answers/ask.js';
import type { Services } from '../services.js';
import { chooseOffered, phraseAnswer } from './smooth-answer.js';

export interface SmoothAsk extends Ask {
  personId: string;
  /** `command`, `mention`, `message`, `button`. */
  surface: string;
}

export interface SmoothAsked extends Asked {
  /** Id of the kept question: what an ask-back's buttons refer to. */
  questionId: string;
  /** The model's words for the same facts, checked; null without a model or when the check failed. */
  phrased: string | null;
}

/**
 * Asks, lets the model help where there is one (it may choose among what was offered and say the answer more smoothly; it adds nothing), and
 * keeps the question. Without a model, and whenever it fails, the answer is the deterministic one.
 */
export async function askSmoothly(services: Services, ask: SmoothAsk): Promise<SmoothAsked> {
  const beganMs = performance.now();
  const asker = { personId: ask.personId, now: ask.now };
  let asked = await askQuestion(services, ask);
  const { model } = services;
  if (model && asked.answer.outcome === 'ambiguous') {
    const chosen = await chooseOffered(model, asked.answer, asker);
    const asset = chosen === null ? undefined : services.catalog.current().view.get(chosen);
    if (asset)
      asked = await askQuestion(services, { ...ask, question: asset.sourceId, intent: asked.answer.intent });
  }
  const phrased = model ? await phraseAnswer(model, asked.answer, asker) : null;
  const questionId = randomUUID();
  services.questions.note({
    id: questionId,
    at: ask.now,
    personId: ask.personId,
    surface: ask.surface,
    answer: { ...asked.answer, question: ask.question },
    ms: performance.now() - beganMs,
  });
  return { ...asked, questionId, phrased };
}
