import type { KnownBlock } from '@slack/types';
import { recogniseIntent } from '../answers/intent.js';
import type { Services } from '../services.js';
import { escapeMrkdwn } from './mrkdwn.js';
import { answerSmallTalk, overviewReply, smallTalkOf } from './small-talk.js';
import type { Caller, CommandModule, Mode, Reply } from './surface.js';

/** What somebody's words mean: which command, which verb, and what is left for it. */
export interface RoutedWords {
  command: CommandModule['name'];
  verb: string;
  mode: Mode;
  rest: string;
  run: (services: Services, caller: Caller, rest: string) => Promise<Reply>;
}

const referencePrefix: Record<string, CommandModule['name']> = {
  inc: 'incident',
  acc: 'access',
  bf: 'backfill',
  def: 'metric',
};

/** The words of a slash command: a first word is a verb only where a valid argument follows, else the whole is a question. */
export function routeCommand(command: CommandModule, text: string, services: Services): RoutedWords {
  const words = text.trim();
  const match = /^(\S+)\s*([\s\S]*)$/.exec(words);
  const first = match?.[1]?.toLowerCase() ?? '';
  const rest = match?.[2] ?? '';
  if (words === '' || (first === 'help' && smallTalkOf(words) === null)) return helpOf(command, '');
  const verb = command.verbs.find(
    (candidate) => candidate.name === first && (candidate.accepts?.(rest, services) ?? true),
  );
  if (verb) {
    return { command: command.name, verb: verb.name, mode: verb.mode, rest, run: verb.run };
  }
  const talk = command.name === 'metric' ? smallTalkOf(words) : null;
  if (talk !== null) {
    const run = async (_: Services, caller: Caller) => answerSmallTalk(talk, services, caller.person);
    return { command: command.name, verb: talk, mode: 'read', rest: words, run };
  }
  if (command.otherwise) {
    return {
      command: command.name,
      verb: '',
      mode: command.otherwise.mode,
      rest: words,
      run: command.otherwise.run,
    };
  }
  return helpOf(command, first);
}

/**
 * The same words in a mention or a direct message. `incident ack 12`, `ack INC-12`, `trust mrr`, "I need access to orders", or a
 * question: a command's name first, then a verb that only one command has (or whose number says which), then phrases, then a question.
 */
export function routeMention(
  commands: readonly CommandModule[],
  text: string,
  services: Services,
): RoutedWords | null {
  const words = text.trim();
  const byName = (name: string): CommandModule | undefined =>
    commands.find((command) => command.name === name);
  const own = services.config.slack.commands;
  /** By its usual word, and by the one that the company gave it. */
  const byWord = (word: string): CommandModule | undefined =>
    byName(word) ?? commands.find((command) => own[command.name] === `/${word}`);
  const named = /^\/?([\p{L}\d_-]+)\s*([\s\S]*)$/iu.exec(words);
  const first = named?.[1]?.toLowerCase() ?? '';
  const rest = named?.[2] ?? '';
  const steward = byName('steward');
  if (steward && (words === '' || (first === 'help' && rest === '')))
    return {
      command: 'steward',
      verb: 'help',
      mode: 'read',
      rest: '',
      run: async (_, caller) => overviewReply(services, caller.person),
    };
  const helped = first === 'help' ? byWord(rest.toLowerCase().replace(/^\//, '')) : undefined;
  if (helped) return helpOf(helped, '');
  const said = byWord(first);
  // "incident" or "access" may begin a sentence too: only a verb (or nothing) after it makes it a command.
  if (
    said &&
    (rest === '' ||
      said.verbs.some((verb) => verb.name === rest.split(/\s+/)[0]?.toLowerCase()) ||
      first === 'metric')
  ) {
    return routeCommand(said, rest, services);
  }
  for (const command of commands) {
    for (const phrase of command.phrases ?? []) {
      const verb = command.verbs.find((candidate) => candidate.name === phrase.verb);
      const matched = verb ? phrase.pattern.exec(words) : null;
      if (verb && matched) {
        const argument = matched.groups?.rest ?? matched[1] ?? '';
        return {
          command: command.name,
          verb: verb.name,
          mode: verb.mode,
          rest: argument.trim(),
          run: verb.run,
        };
      }
    }
  }
  const reference = /\b(INC|ACC|BF|DEF)-\d+\b/i.exec(words)?.[1]?.toLowerCase();
  const owners = commands.filter((command) =>
    command.verbs.some((verb) => verb.name === first && (verb.accepts?.(rest, services) ?? true)),
  );
  const owner =
    (reference && owners.find((command) => command.name === referencePrefix[reference])) ||
    (owners.length === 1 && !isQuestion(words, first) ? owners[0] : undefined);
  if (owner) return routeCommand(owner, words, services);
  const metric = byName('metric');
  return metric ? routeCommand(metric, words, services) : null;
}

/**
 * "who owns orders?" begins with a word that is also a verb of `/access`: what is plainly asked of the catalog is a question. The catalog's own
 * verbs (`why mrr`, `compare a b`) are questions anyway.
 */
function isQuestion(words: string, first: string): boolean {
  const { intent } = recogniseIntent(words);
  return intent !== 'define' && intent !== 'act' && !catalogVerbs.has(first);
}

const catalogVerbs: ReadonlySet<string> = new Set(['why', 'trust', 'history', 'compare', 'list']);

/** Usage of every verb; also the answer to words that fit none. */
function helpOf(command: CommandModule, unknown: string): RoutedWords {
  return {
    command: command.name,
    verb: 'help',
    mode: 'read',
    rest: unknown,
    run: async (services, caller) => {
      const word =
        caller.surface === 'mention' || caller.surface === 'message'
          ? command.name
          : services.config.slack.commands[command.name];
      const lines = [...(command.otherwise?.help ?? []), ...command.verbs].map(
        ({ usage, summary }) => `• \`${word} ${escapeMrkdwn(usage)}\` - ${escapeMrkdwn(summary)}`,
      );
      const intro = unknown
        ? `\`${unknown.replaceAll(/[`<>&]/g, '').slice(0, 40)}\` is nothing I know here; nothing was changed. What I know:`
        : command.summary;
      return {
        text: [intro, ...lines].join('\n'),
        blocks: inSections([intro, ...lines]),
        visibility: 'asker',
      };
    },
  };
}

/** Lines in as many sections as they need: a section holds 3,000 characters, and no line is cut. */
function inSections(lines: readonly string[]): KnownBlock[] {
  const texts: string[] = [];
  for (const line of lines) {
    const last = texts.at(-1);
    if (last !== undefined && last.length + line.length < 2_900) texts[texts.length - 1] = `${last}\n${line}`;
    else texts.push(line);
  }
  return texts.map((text) => ({ type: 'section', text: { type: 'mrkdwn', text } }));
}
