/** Personal data out of what a model reads, and back into what it wrote. */
export interface Redaction {
  hide: (text: string) => string;
  restore: (text: string) => string;
}

const email = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g;
const slackId = /\b[UWCDGT][A-Z0-9]{8,}\b/g;
/** A mention as Slack writes it, whose label may be a name: `<@U0123ABCD|maya>`. */
const slackMention = /<(?:[@#]|!subteam\^)[^<>]{1,200}>/g;
const phone = /(?<![\w.])\+?\d[\d ()/-]{8,}\d(?![\w.])/g;

/** What already looks like a token would be taken for one of ours on the way back. */
const likeToken = /<(?=(?:EMAIL|ID|PERSON|PHONE)_\d+>)/g;
/** A name this short is a word too: only as it is written. */
const shortName = 3;

/** @param names people's names that must not leave, for example owners. */
export function makeRedaction(names: readonly string[]): Redaction {
  const tokens = new Map<string, string>();
  const originals = new Map<string, string>();
  const tokenFor = (kind: string, value: string): string => {
    const key = `${kind} ${value.toLowerCase()}`;
    const known = tokens.get(key);
    if (known) return known;
    const token = `<${kind}_${[...tokens.keys()].filter((one) => one.startsWith(`${kind} `)).length + 1}>`;
    tokens.set(key, token);
    originals.set(token, value);
    return token;
  };
  const people = [...new Set(names.map((name) => name.normalize('NFC').trim()))]
    .filter((name) => name.length > 1)
    .sort((a, b) => b.length - a.length);
  return {
    hide: (text) => {
      let hidden = text
        .normalize('NFC')
        .replace(likeToken, '')
        .replace(slackMention, (found) => tokenFor('ID', found))
        .replace(email, (found) => tokenFor('EMAIL', found))
        .replace(slackId, (found) => tokenFor('ID', found));
      const lower = hidden.toLowerCase();
      for (const name of people) {
        // Most of a company is not in the text: looking first is much faster than replacing.
        if (!lower.includes(name.toLowerCase())) continue;
        const pattern = new RegExp(
          `(?<![\\w<])${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?!\\w)`,
          name.length < shortName ? 'g' : 'gi',
        );
        hidden = hidden.replace(pattern, (found) => tokenFor('PERSON', found));
      }
      return hidden.replace(phone, (found) => tokenFor('PHONE', found));
    },
    restore: (text) =>
      text.replace(/<(?:EMAIL|ID|PERSON|PHONE)_\d+>/g, (token) => originals.get(token) ?? ''),
  };
}
