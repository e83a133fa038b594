import type { StewardConfig } from '../config/steward-schema.js';

type Commands = StewardConfig['slack']['commands'];

/** Puts the company's words into what goes out to Slack, and gives it back in the same shape. */
export type OwnWords = (outgoing: Record<string, unknown>) => Record<string, unknown>;

const usual = /`\/(metric|incident|access|backfill|steward)(?=[ `])/g;

/**
 * The code names commands by their usual words: `/incident list`. Where `slack.commands` of steward.yml has others, whoever reads it must be
 * told those, wherever the words come from: a domain's refusal, a card, a form. Only what stands between backticks is touched.
 */
export function makeOwnWords(commands: Commands): OwnWords {
  const renamed = Object.entries(commands).some(([name, word]) => word !== `/${name}`);
  if (!renamed) return (outgoing) => outgoing;
  const words = new Map(Object.entries(commands));
  const inText = (text: string): string =>
    text.replace(usual, (whole, name: string) => `\`${words.get(name) ?? whole.slice(1)}`);
  const inPart = (value: unknown): unknown => {
    if (typeof value === 'string') return inText(value);
    if (Array.isArray(value)) return value.map(inPart);
    return isPlain(value) ? inFields(value) : value;
  };
  const inFields: OwnWords = (fields) =>
    Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, inPart(value)]));
  return inFields;
}

/** Files and other things with a class of their own go out as they are. */
function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
