import { mayRead } from '../src/catalog/visibility.js';
import { askSmoothly } from '../src/llm/ask-smoothly.js';
import type { Services } from '../src/services.js';
import { escapeMrkdwn } from '../src/slack/mrkdwn.js';
import type { Caller, Reply, Verb } from '../src/slack/surface.js';
import { domainNamed, type Subject } from '../src/subscriptions/subject.js';
import { subscribe, unsubscribe } from '../src/subscriptions/subscribe.js';

interface Needs {
  accepts: NonNullable<Verb['accepts']>;
  /** What to say when the words are not one thing that the person can read in full. */
  answer: (services: Services, caller: Caller, question: string) => Promise<Reply>;
}

/** The last word that means this channel and not oneself. */
const hereWord = /\s+(?:here|in this channel|for this channel)\s*$/i;

/** `/metric subscribe` and `/metric unsubscribe`: a metric, a dataset or a whole domain; for oneself, or for the channel with "here". */
export function subscriptionVerbs(needs: Needs): readonly Verb[] {
  return [
    verb(
      needs,
      'subscribe',
      'hear of it when it changes, goes away or breaks; "here" for this channel',
      (services, wish) =>
        subscribe(services, wish).then(
          (name) => `${whoHears(wish)} from me when ${name} changes, goes away or breaks.`,
        ),
    ),
    verb(needs, 'unsubscribe', 'hear of it no more', (services, wish) =>
      unsubscribe(services, wish).then(() => 'Stopped. No more of these, unless for owners.'),
    ),
  ];
}

function whoHears({ channelId }: { channelId?: string }): string {
  return channelId === undefined ? 'You hear' : 'This channel hears';
}

type Wish = Parameters<typeof subscribe>[1];

function verb(
  { accepts, answer }: Needs,
  name: string,
  summary: string,
  set: (services: Services, wish: Wish) => Promise<string>,
): Verb {
  return {
    name,
    usage: `${name} <name or domain> [here]`,
    summary,
    mode: 'act',
    accepts,
    run: async (services, caller, rest) => {
      const here = hereWord.test(rest) && caller.channel !== null && caller.channel.kind !== 'im';
      const words = rest
        .replace(hereWord, '')
        .replace(/^\s*to\s+/i, '')
        .trim()
        .replace(/^["“](.+)["”]$/s, '$1');
      const subject = await subjectOf(services, caller, words);
      if (subject === null) return answer(services, caller, words);
      const text = await set(services, {
        subject,
        person: caller.person,
        actor: caller.actor,
        now: caller.now,
        ...(here && caller.channel !== null ? { channelId: caller.channel.id } : {}),
      });
      return { text: escapeMrkdwn(text), visibility: here ? 'place' : 'asker' };
    },
  };
}

/** One thing of the catalog that the person reads in full, else a domain of this name. */
async function subjectOf(services: Services, caller: Caller, words: string): Promise<Subject | null> {
  const { view } = services.catalog.current();
  const rules = services.config.catalog.visibility;
  const domain = domainNamed(view, words, (asset) => mayRead(asset, caller.person, rules));
  if (domain !== null) return { domain };
  const { answer } = await askSmoothly(services, {
    question: words,
    intent: 'define',
    personId: caller.person.id,
    surface: caller.surface,
    viewer: { id: caller.person.id, teams: caller.person.teams },
    now: caller.now,
  });
  const { outcome, subject, level } = answer;
  return outcome === 'answered' && subject && level === 'open' ? { assetId: subject.id } : null;
}
