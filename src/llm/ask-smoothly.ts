import { randomUUID } from 'node:crypto';
import { type Ask, type Asked, askQuestion } from '../answers/ask.js';
import { mayRead } from '../catalog/visibility.js';
import type { Services } from '../services.js';
import type { Model } from './model.js';
import type { Asker } from './records.js';
import { isOpenQuestion, routeQuestion } from './route-question.js';
import { chooseOffered, phraseAnswer } from './smooth-answer.js';

export interface SmoothAsk extends Ask {
  personId: string;
  /** `command`, `mention`, `message`, `button`. */
  surface: string;
  /** Told before each call of the model, which takes a moment; and how the person says that they no longer want its words. */
  progress?: { step: (title: string) => Promise<void>; stop: AbortSignal } | undefined;
}

export interface SmoothAsked extends Asked {
  /** Id of the kept question: what an ask-back's buttons refer to. */
  questionId: string;
  /** The model said what an open question is about and what it asks, or chose among what fits it: said to the person, who may know better. */
  placedBy: 'routing' | 'choice' | null;
  /** The model's words for the same facts, checked; null without a model or when the check failed. */
  phrased: string | null;
}

/**
 * Asks, lets the model help where there is one (it may say what an open question is about, choose among what was offered and say the answer more smoothly; it adds nothing), and
 * keeps the question. Without a model, and whenever it fails, the answer is the deterministic one.
 */
export async function askSmoothly(services: Services, ask: SmoothAsk): Promise<SmoothAsked> {
  const beganMs = performance.now();
  const helped = services.model && {
    model: announced(services.model, ask.progress),
    asker: askerOf(services, ask, await namesOf(services)),
  };
  let asked = await askQuestion(services, ask);
  let placedBy: SmoothAsked['placedBy'] = null;
  if (helped && asked.answer.outcome === 'ambiguous' && readsAllOffers(services, ask, asked)) {
    const chosen = await chooseOffered(helped.model, asked.answer, helped.asker);
    if (chosen !== null) {
      asked = await askQuestion(services, { ...ask, about: chosen, intent: asked.answer.intent });
      placedBy = 'choice';
    }
  }
  const routed = helped ? await askAsRouted(services, ask, asked, helped) : null;
  if (routed) {
    asked = routed;
    placedBy = 'routing';
  }
  const phrased = helped ? await phraseAnswer(helped.model, asked.answer, helped.asker) : null;
  const questionId = randomUUID();
  services.questions.note({
    id: questionId,
    at: ask.now,
    personId: ask.personId,
    surface: ask.surface,
    answer: asked.answer,
    ms: performance.now() - beganMs,
  });
  return { ...asked, questionId, phrased, placedBy };
}

/** Whether the asker sees everything offered in full: the model is shown no other, and choosing among the rest would be a guess. */
function readsAllOffers(services: Services, ask: SmoothAsk, { answer }: Asked): boolean {
  const { view } = services.catalog.current();
  const rules = services.config.catalog.visibility;
  return answer.offers.every((offer) => {
    const asset = view.get(offer.asset.id);
    return asset !== undefined && mayRead(asset, ask.viewer, rules);
  });
}

/** The answer as the model understands a question that was left open; null where it does not, or where that leads to no clear answer. */
async function askAsRouted(
  services: Services,
  ask: SmoothAsk,
  { answer }: Asked,
  { model, asker }: { model: Model; asker: Asker },
): Promise<Asked | null> {
  if (!isOpenQuestion(answer, ask.question, ask.intent)) return null;
  const { view } = services.catalog.current();
  const rules = services.config.catalog.visibility;
  const readable = [...(answer.subject ? [answer.subject] : []), ...answer.assets.map(({ asset }) => asset)]
    .flatMap(({ id }) => view.get(id) ?? [])
    .filter((asset, i, all) => all.indexOf(asset) === i && mayRead(asset, ask.viewer, rules));
  const route = await routeQuestion(model, { text: ask.question, answer, readable }, asker);
  if (route === null) return null;
  const intent = ask.intent ?? route.intent;
  const again = await askQuestion(services, { ...ask, about: route.asset.id, intent });
  return again.answer.outcome === 'answered' && again.answer.subject?.id === route.asset.id ? again : null;
}

/**
 * For whom the model is asked. One time limit for all calls together, from when the question came: neither two slow calls nor a queue before them
 * may add up to more than a person waits.
 */
function askerOf(services: Services, ask: SmoothAsk, names: string[]): Asker {
  const waitedMs = Math.max(0, services.clock.now().getTime() - ask.now.getTime());
  return {
    personId: ask.personId,
    now: ask.now,
    names,
    deadline: AbortSignal.timeout(
      Math.max(0, Math.round(services.config.llm.timeoutSeconds * 1_000 - waitedMs)),
    ),
    ...(ask.progress === undefined ? {} : { stop: ask.progress.stop }),
  };
}

/** What a person reads while the model is asked. */
const titles: Record<string, string> = {
  'choose-asset': 'Choosing among what fits',
  'route-question': 'Understanding the question',
  'phrase-answer': 'Putting it into words',
};

function announced(model: Model, progress: SmoothAsk['progress']): Model {
  if (progress === undefined) return model;
  return {
    parse: async (request) => {
      await progress.step(titles[request.prompt.name] ?? 'Thinking');
      return model.parse(request);
    },
  };
}

/** Full names of everybody known, from steward.yml or from Slack alone, and what they are called: by the first name, the last, or one between. */
async function namesOf({ db, config }: Services): Promise<string[]> {
  // service accounts are called after what they do, and who was erased has no name any more
  const known = await db
    .selectFrom('person')
    .select('name')
    .where('kind', 'in', ['member', 'guest'])
    .where('status', '!=', 'erased')
    .execute();
  const full = new Set([...config.people, ...known].flatMap(({ name }) => name ?? []));
  return [...full].flatMap((name) => [name, ...name.trim().split(/\s+/).filter(isNamePart)]);
}

/** "van" and "der" are no names by themselves, nor is an initial. */
const isNamePart = (part: string): boolean => /^\p{Lu}\p{L}/u.test(part);
