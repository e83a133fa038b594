import type { Asset } from '../catalog/asset.js';
import { splitWords } from '../catalog/search/text/split.js';
import type { Answer } from './answer-types.js';
import { columnMeaning } from './column-meaning.js';
import { columnUses } from './column-uses.js';
import { answerComparison } from './compare.js';
import { comparedSides, type Sides } from './compare-sides.js';
import {
  ambiguousText,
  definitionText,
  downstreamText,
  factsFor,
  lineageText,
  ownerSentence,
  placesOfNumber,
  requestableText,
  title,
  unknownText,
  valueText,
  verdictSentences,
} from './compose.js';
import { type AnswerContext, type AnswerInput, makeAnswerContext } from './context.js';
import { disputedInWords } from './disputed.js';
import { freshnessText } from './freshness.js';
import {
  type Intent,
  type RecognisedIntent,
  recogniseIntent,
  splitTime,
  type Use,
  withoutUse,
} from './intent.js';
import { answerList } from './list.js';
import { saysName } from './names-inside.js';
import { questionsIn } from './questions-in.js';
import { readAsSeveral } from './read-as-several.js';
import { exactly, isKey, outcomeRank, type Retrieval, retrieve } from './retrieve.js';
import { groupFreshness } from './source-group.js';
import { historyText, tellHistory } from './tell-history.js';
import { makeOffers } from './tells-apart.js';
import { startOfTimeWords } from './time-words.js';
import { withNamesakes, withUnspoken } from './unspoken.js';
import { judge } from './verdict.js';
import { outlineOf } from './visible-index.js';
import { changesText, eventsOf, notLookedAt } from './why.js';

export interface AskInput extends AnswerInput {
  question: string;
  /** Set by a subcommand (`/metric why …`): the words are then the subject alone. */
  intent?: Intent;
  /** Id of the asset that the question is about, where that is known: chosen in an ask-back. What it asks, of when and for which use, the words say. */
  about?: string;
}

const questionLimit = 4000;
const dayMs = 86_400_000;

/**
 * Answers one question from the catalog alone. Pure and synchronous; never throws for odd text. What the viewer may not know
 * of is left out before anything else, so that a hidden thing and a missing one get the same bytes.
 */
export function answerQuestion(input: AskInput): Answer {
  const context = makeAnswerContext(input);
  const question = input.question.slice(0, questionLimit);
  const answer = answerWhole(input, question, context);
  const isName = (words: string): boolean => isKey(words, context);
  const [first, ...others] = questionsIn(question, isName);
  if (first === undefined || isName(question)) return answer;
  // a use that is named anywhere in the message asks for more proof of all that is asked in it
  const half = { ...answerWhole(input, first.text, context, answer.use), question };
  return readAsSeveral(answer, half, [first, ...others], context);
}

function answerWhole(input: AskInput, question: string, context: AnswerContext, use?: Use): Answer {
  const recognised = { ...recogniseIntent(question), ...(use === undefined ? {} : { use }) };
  const known = input.about === undefined ? undefined : context.view.get(input.about);
  if (known !== undefined && context.mayName(known)) {
    const asked = { ...recognised, ...subjectOf(input.intent ?? recognised.intent, question, recognised) };
    const intent = asked.intent === 'compare' || asked.intent === 'list' ? 'define' : asked.intent;
    return about({ ...asked, intent }, question, exactly(known, context), context);
  }
  if (input.intent !== undefined)
    return answerAs({ ...recognised, ...subjectOf(input.intent, question, recognised) }, question, context);
  // words that are a key of the catalog are never read as anything else, unless all that makes them more than a key is a question about it
  const whole = retrieve(question, 'define', context);
  const isList =
    recognised.intent === 'list' && whole.chosen !== undefined && !saysName(question, whole.chosen);
  if (whole.exact && !isList) {
    if (recognised.intent === 'value')
      return about(recognised, question, retrieve(question, 'value', context), context);
    const asksOnlyOfIt = asksMore(recognised, whole, context);
    return about(asksOnlyOfIt ? recognised : { ...recognised, intent: 'define' }, question, whole, context);
  }
  return answerAs(recognised, question, context, whole);
}

/** "is mrr ok" and "mrr as of March" name what "mrr" names: the rest is what is asked about it. A metric called "churn history" is another one than "churn". */
function asksMore({ intent, subject }: RecognisedIntent, whole: Retrieval, context: AnswerContext): boolean {
  if (whole.chosen === undefined || intent === 'list' || intent === 'compare') return false;
  const named = retrieve(subject, intent, context);
  return named.exact && named.chosen?.id === whole.chosen.id;
}

function subjectOf(
  intent: Intent,
  question: string,
  recognised: RecognisedIntent,
): Partial<RecognisedIntent> {
  if (recognised.intent === intent) return { intent };
  if (intent === 'why-changed' || intent === 'history') return { intent, ...splitTime(question) };
  return { intent, subject: intent === 'trust' ? withoutUse(question) : question };
}

function answerAs(
  recognised: RecognisedIntent,
  question: string,
  context: AnswerContext,
  whole?: Retrieval,
): Answer {
  const { intent, subject } = recognised;
  if (intent === 'list') {
    const list = answerList(recognised, question, context);
    if (list) return list;
  }
  const sides = intent === 'compare' ? sidesOf(recognised, context) : undefined;
  if (sides) {
    const comparison = answerComparison(
      { ...recognised, subject: sides.left },
      sides.right,
      question,
      context,
    );
    if ('answer' in comparison) return comparison.answer;
    // one side is not clear: that side is asked about, or said to be unknown
    return about({ ...recognised, subject: comparison.words }, comparison.words, comparison.unclear, context);
  }
  if (intent === 'who-uses') {
    const column = columnUses(recognised, question, context);
    if (column) return column;
  }
  if (intent === 'define' || intent === 'list' || intent === 'compare') {
    const asked = whole ?? retrieve(question, 'define', context);
    // "whats mrr pls": the words around a name are many, and no list has them all
    const found =
      intent === 'define' && !asked.exact && isKey(subject, context)
        ? retrieve(subject, 'define', context)
        : asked;
    const column =
      intent === 'define' && !found.exact ? columnMeaning(recognised, question, found, context) : undefined;
    return column ?? about({ ...recognised, intent: 'define' }, question, found, context);
  }
  let found = retrieve(subject, intent, context);
  if (intent === 'freshness' && !found.exact) {
    const group = groupFreshness(recognised, question, context);
    if (group) return group;
  }
  // the whole question may say more than what the pattern cut out of it; what a number is wanted for names no asset
  const saysUse = intent === 'act' || (intent === 'trust' && recognised.use !== 'general');
  if (whole && !saysUse && outcomeRank(whole) > outcomeRank(found) && !found.exact) found = whole;
  return about(recognised, question, found, context);
}

function sidesOf({ subject, other }: RecognisedIntent, context: AnswerContext): Sides | undefined {
  if (other === undefined) return comparedSides(subject, context);
  return comparedSides(`${subject} and ${other}`, context) ?? { left: subject, right: other };
}

function about(
  recognised: RecognisedIntent,
  question: string,
  found: Retrieval,
  context: AnswerContext,
): Answer {
  const answer: Answer = {
    outcome: found.outcome,
    intent: recognised.intent,
    question,
    use: recognised.use,
    assets: found.assets,
    level: 'open',
    offers: [],
    facts: [],
    text: '',
  };
  if (recognised.command !== undefined) answer.command = recognised.command;
  if (found.outcome === 'ambiguous') {
    answer.offers = makeOffers(
      found.assets.slice(0, found.offered).map((one) => one.asset),
      context,
    );
    answer.text = ambiguousText(answer.offers, found.offeredAs);
    if (found.offeredAs !== undefined) answer.offeredAs = found.offeredAs;
    return answer;
  }
  const subject = found.chosen;
  if (!subject) {
    const asked = recognised.intent === 'define' ? readable(question) : recognised.subject;
    const owner = found.assets.find((one) => one.asset.owners.length > 0)?.asset;
    if (owner) answer.likelyOwner = ownerSentence(owner, context);
    answer.outcome = 'unknown';
    answer.text = unknownText(asked, found.assets);
    return answer;
  }
  const described = describeSubject(answer, subject, recognised, context);
  return withUnspoken(withNamesakes(described, found.alsoCalled), recognised, context);
}

/** The question without its punctuation at the ends. */
function readable(question: string): string {
  return splitWords(question).length === 0
    ? ''
    : question.replace(/\s+/g, ' ').replace(/^[\s"'?!.,]+|[\s"'?!.,]+$/g, '');
}

function describeSubject(
  answer: Answer,
  subject: Asset,
  recognised: RecognisedIntent,
  context: AnswerContext,
): Answer {
  answer.level = context.levelOf(subject);
  answer.subject = answer.level === 'open' ? subject : outlineOf(subject);
  if (answer.level !== 'open') {
    answer.text = requestableText(subject, context);
    return answer;
  }
  const verdict = judge(subject, {
    view: context.view,
    noticesOf: context.noticesOf,
    now: context.now,
    use: recognised.use,
    mayName: context.mayName,
    readBackTo: context.readBackTo,
    tieOutMaxAgeMs: context.tieOutMaxAgeMs,
  });
  answer.verdict = verdict;
  answer.facts = factsFor(answer, subject, context);
  const disputed = disputedInWords(subject, context.view);
  const contradiction = disputed === undefined ? '' : ` Its sources disagree about its ${disputed}.`;
  switch (recognised.intent) {
    case 'trust':
      answer.text = `${title(subject)}. ${verdictSentences(verdict, 5)} ${ownerSentence(subject, context)}${contradiction}`;
      return answer;
    case 'owner':
      answer.text = `${title(subject)}. ${ownerSentence(subject, context)}`;
      return answer;
    case 'lineage': {
      const all = context.view.upstream(subject.id).filter((one) => context.mayName(one.asset));
      answer.items = all.map((one) => ({ asset: one.asset, note: `${one.distance} up` }));
      answer.text = lineageText(
        subject,
        all.filter((one) => one.distance === 1),
        all.length,
        context,
      );
      return answer;
    }
    case 'who-uses': {
      const all = context.view.downstream(subject.id).filter((one) => context.mayName(one.asset));
      answer.items = all.map((one) => ({ asset: one.asset, note: `${one.distance} down` }));
      answer.text = `${downstreamText(subject, all)} ${ownerSentence(subject, context)}`;
      return answer;
    }
    case 'freshness':
      answer.text = freshnessText(subject, context);
      return answer;
    case 'why-changed':
      return explainChange(answer, subject, recognised, context);
    case 'history':
      answer.history = tellHistory(subject, recognised.time, context);
      answer.text = historyText(answer.history);
      return answer;
    case 'value':
      answer.numberIn = placesOfNumber(subject, context);
      answer.text = `${valueText(subject, verdict, answer.numberIn, context)}${contradiction}`;
      return answer;
    case 'act':
      answer.text = `${title(subject)}. ${formText[recognised.command ?? 'access']}`;
      return answer;
    default:
      answer.text = `${definitionText(subject, verdict, context)}${contradiction}`;
      return answer;
  }
}

const formText = {
  access: 'To get access, open the form: words alone never request it.',
  backfill: 'To run it again, open the form: words alone never start a backfill.',
  incident: 'To report a problem, open the form: words alone never declare an incident.',
};

function explainChange(
  answer: Answer,
  subject: Asset,
  recognised: RecognisedIntent,
  context: AnswerContext,
): Answer {
  const from = startOfTimeWords(recognised.time, context.now) ?? new Date(context.now.getTime() - 14 * dayMs);
  const events = eventsOf(subject, from, context.now, context);
  const unseen = notLookedAt(subject, from, context);
  answer.events = events;
  answer.eventsFrom = from;
  if (unseen !== undefined) answer.notLookedAt = unseen;
  answer.text = [changesText(title(subject), events, from), ...(unseen === undefined ? [] : [unseen])].join(
    ' ',
  );
  return answer;
}
