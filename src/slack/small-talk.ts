import { context, section } from './blocks.js';
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
export function answerSmallTalk(kind: SmallTalk, commands: Readonly<Record<string, string>>): Reply {
  if (kind !== 'thanks') return overviewReply(commands, kind === 'greeting' ? 'Hello. ' : '');
  const text = 'You are welcome.';
  return { text, blocks: [section(text)], visibility: 'asker' };
}

const examples = [
  '*What does it mean?* `what does net revenue retention mean?`',
  '*May I use it?* `is gross margin safe for the board?`',
  '*What happened?* `why did MRR change?` · `when will billing be there?`',
  '*Whose is it, what hangs on it?* `who owns orders?` · `what breaks if orders change?`',
  '*Something is broken, needed or missing:* `declare an incident` · `I need access to orders` · `rerun yesterday`',
];

/**
 * What Steward is for, with examples, and where each command tells more.
 * @param commands words of the slash commands, as `steward.yml` has them.
 */
export function overviewReply(commands: Readonly<Record<string, string>>, before = ''): Reply {
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
