import type { Intent } from '../src/answers/intent.js';
import { askSmoothly } from '../src/llm/ask-smoothly.js';
import type { Services } from '../src/services.js';
import { answerReply, audienceOf, teamsOfPlace } from '../src/slack/cards/answer.js';
import type { Caller, CommandModule, Reply, Verb } from '../src/slack/surface.js';
import { definitionVerbs } from './definition-verbs.js';
import { subscriptionVerbs } from './subscription-verbs.js';

async function ask(services: Services, caller: Caller, question: string, intent?: Intent): Promise<Reply> {
  const asked = await askSmoothly(services, {
    question,
    personId: caller.person.id,
    surface: caller.surface,
    viewer: { id: caller.person.id, teams: caller.person.teams },
    audience: audienceOf(services, caller),
    placeTeams: teamsOfPlace(services, caller),
    now: caller.now,
    progress: caller.progress,
    ...(intent === undefined ? {} : { intent }),
  });
  return answerReply(services, caller, asked);
}

/** What follows a verb in a sentence and never in a name: "why did mrr change?" is a question, `why mrr` is a command. */
const sentence =
  /^(?:did|does|do|is|are|was|were|has|have|had|can|could|should|would|will|may|me|us|that|this|it|hat|ist|sind|war|hasn't|isn't|doesn't|didn't)\b/i;

/** A verb needs the name of something; anything else is a question as a whole. */
function hasArgument(rest: string, services: Services): boolean {
  const words = rest.trim();
  if (words === '') return false;
  return !sentence.test(words) || services.catalog.current().view.resolve(unquoted(words)).length > 0;
}

function verb(
  name: string,
  usage: string,
  summary: string,
  intent: Intent,
  accepts: Verb['accepts'] = hasArgument,
): Verb {
  return {
    name,
    usage,
    summary,
    mode: 'read',
    accepts,
    run: (services, caller, rest) => ask(services, caller, rest, intent),
  };
}

/** For verbs that act on one thing; when the words are none, they are answered as a question. */
const namedThing = {
  accepts: hasArgument,
  answer: (services: Services, caller: Caller, question: string) => ask(services, caller, question, 'define'),
};

/** `/metric`: what it means, whether it may be trusted today, why it changed. */
export const metric: CommandModule = {
  name: 'metric',
  summary:
    'Ask what a metric or dataset means, whether it may be trusted today, why it changed, and whose it is.',
  usageHint:
    '<name or question> | why|trust|history|propose|deprecate|subscribe <name> | compare <a> <b> | list [filter]',
  verbs: [
    verb(
      'why',
      'why <name> [since]',
      'what touched it lately: definitions, incidents, backfills, late sources, failing tests',
      'why-changed',
    ),
    verb(
      'trust',
      'trust <name> [for finance|for the board]',
      'whether it may be used today, and for what',
      'trust',
    ),
    verb('history', 'history <name>', 'how its definition changed', 'history'),
    verb(
      'compare',
      'compare <a> <b>',
      'two definitions side by side',
      'compare',
      (rest) => rest.trim().split(/\s+/).length >= 2,
    ),
    ...definitionVerbs(namedThing),
    ...subscriptionVerbs(namedThing),
    verb('list', 'list [filter]', 'metrics by team, domain, tier or state', 'list', () => true),
  ],
  otherwise: {
    mode: 'read',
    run: (services, caller, rest) => ask(services, caller, unquoted(rest)),
    help: [
      { usage: '<name or question>', summary: 'what it means, whose it is, whether to trust it today' },
      { usage: '<name> as of <date>', summary: 'the definition of that day, and what changed since' },
    ],
  },
};

/** Quotes force a name: `"why"` is the metric called why. */
function unquoted(words: string): string {
  return /^["“](.+)["”]$/s.exec(words.trim())?.[1] ?? words;
}
