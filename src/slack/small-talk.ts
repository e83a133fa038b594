import { nameOf, plain } from '../answers/words.js';
import type { Asset, AssetKind } from '../catalog/asset.js';
import { mayRead } from '../catalog/visibility.js';
import type { Person } from '../people/person.js';
import type { Services } from '../services.js';
import { context, section } from './blocks.js';
import { escapeMrkdwn } from './mrkdwn.js';
import type { Reply } from './surface.js';

const greeting =
  '(?:hi+|hello|hey+|hiya|howdy|yo|good (?:morning|afternoon|evening)|morning|hallo|moin|servus|guten (?:morgen|tag|abend)|hola|buenos d[ií]as)(?: (?:there|all|team|again|steward))?';
const ability =
  '(?:(?:so )?what (?:can|do) you do|what are you(?: for)?|who are you|how (?:do you|does this|does it) work|how (?:do|can) i use (?:you|this)|(?:can|could) you help(?: me)?|help me|i need help|what is this|was kannst du|wer bist du|wie funktioniert (?:das|du)|hilfe)';
const thanks =
  '(?:(?:many |ok(?:ay)?,? )?(?:thanks|thank you|thx|ty|cheers|danke(?: dir| sch[oö]n)?|vielen dank|gracias|merci)(?: (?:a lot|so much|very much|steward))?|great|perfect|awesome|nice|cool|good bot|got it|super|prima|toll|:\\+1:|:pray:|:tada:|\\u{1f44d}|\\u{1f64f})';

const whole = (words: string): RegExp => new RegExp(`^${words}$`, 'iu');
const greets = whole(greeting);
const asksAbility = whole(`(?:${greeting}[ ,]+)?${ability}`);
const isThanked = whole(`${thanks}(?: ${thanks})?`);

export type SmallTalk = 'greeting' | 'ability' | 'thanks';

/** What is said to be polite, and no question about data: `hi`, `thanks!`, `what can you do?`. Null for everything else. */
export function smallTalkOf(words: string): SmallTalk | null {
  if (words.length > 80) return null;
  const bare = words
    .trim()
    .replace(/[\s!.,?]+$/u, '')
    .replaceAll(/[!.,]+\s+/gu, ' ');
  if (greets.test(bare)) return 'greeting';
  if (asksAbility.test(bare)) return 'ability';
  return isThanked.test(bare) ? 'thanks' : null;
}

/** A polite word back. It is no answer from the catalog, so nothing is logged as asked. */
export function answerSmallTalk(kind: SmallTalk, services: Services, person: Person): Reply {
  if (kind !== 'thanks') return overviewReply(services, person, kind === 'greeting' ? 'Hello. ' : '');
  const text = 'You are welcome.';
  return { text, blocks: [section(text)], visibility: 'asker' };
}

/** Names in examples are of this catalog, and nothing that whoever reads them may not read: an example that is tried must lead somewhere. */
function namesFor(services: Services, person: Person): { metrics: string[]; table: string } {
  const viewer = { id: person.id, teams: person.teams };
  const rules = services.config.catalog.visibility;
  const isExample = (asset: Asset): boolean =>
    asset.status !== 'deprecated' && nameOf(asset).length <= longestName && mayRead(asset, viewer, rules);
  const readable = (kinds: readonly AssetKind[]): string[] => {
    // The first of the most important, without sorting a large catalog for a greeting.
    const best: Asset[] = [];
    for (const asset of services.catalog.current().view.assets()) {
      const last = best[examplesOfAKind - 1];
      if (!kinds.includes(asset.kind) || (last && tierOf(asset) >= tierOf(last)) || !isExample(asset))
        continue;
      best.push(asset);
      best.sort((a, b) => tierOf(a) - tierOf(b)).splice(examplesOfAKind);
    }
    return best.map((asset) => plain(nameOf(asset)).replaceAll('`', ''));
  };
  const named = [...readable(['metric']), ...readable(['term']), 'net revenue', 'gross margin', 'churn'];
  return { metrics: named, table: readable(['model', 'source'])[0] ?? 'orders' };
}

const longestName = 40;
const examplesOfAKind = 3;
const tierOf = (asset: Asset): number => asset.tier ?? 9;

function examplesFor(services: Services, person: Person): string[] {
  const { metrics, table } = namesFor(services, person);
  const [first, second = first, third = first] = metrics;
  return [
    `*What does it mean?* \`what does ${first} mean?\``,
    `*May I use it?* \`is ${second} safe for the board?\``,
    `*What happened?* \`why did ${third} change?\` · \`when will ${table} be there?\``,
    `*Whose is it, what hangs on it?* \`who owns ${first}?\` · \`what breaks if ${table} changes?\``,
    `*Something is broken, needed or missing:* \`declare an incident\` · \`I need access to ${table}\` · \`rerun yesterday\``,
  ].map(escapeMrkdwn);
}

/** What Steward is for, with examples, and where each command tells more. */
export function overviewReply(services: Services, person: Person, before = ''): Reply {
  const { commands } = services.config.slack;
  const examples = examplesFor(services, person);
  const intro = `${before}I say what the company's metrics and tables mean and whether they may be trusted today, run data incidents, and take care of access and backfills. Ask in your own words, for example:`;
  const more = `Everything there is, command by command: ${Object.entries(commands)
    .map(([name, word]) => `\`${word} help\` (here: \`${name} help\`)`)
    .join(' · ')}`;
  return {
    text: [intro, ...examples, more].join('\n'),
    blocks: [section(intro), section(examples.join('\n')), context(more)],
    visibility: 'asker',
  };
}
