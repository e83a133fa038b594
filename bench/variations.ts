import type { Asset } from '../src/catalog/asset.js';
import { assetId } from '../src/catalog/asset-id.js';
import { splitWords } from '../src/catalog/search/text/split.js';
import { asking, everywhere } from '../src/catalog/search/text/stopwords.js';
import type { BenchCatalog, BenchQuestion } from './fixture-catalogs.js';
import { formerWordings } from './former-wordings.js';
import { makeRandom } from './make-random.js';

/**
 * Held-out questions made from a catalog by rules that know nothing of the ranker: what people do to a name when they ask for it. Each
 * returns questions with the assets that would be right; a text that names several assets has all of them.
 */
export interface Variation {
  name: string;
  make: (assets: readonly Asset[]) => BenchQuestion[];
}

const spoken = (asset: Asset): string => splitWords(asset.label ?? asset.name).join(' ');
const asked = (assets: readonly Asset[]): Asset[] =>
  assets.filter(
    (asset) =>
      asset.kind === 'metric' || (asset.kind === 'model' && !assets.some((one) => one.kind === 'metric')),
  );

/** Ids of everything that is called just so. */
function goldOf(assets: readonly Asset[]): (text: string) => string[] {
  const by = new Map<string, string[]>();
  for (const asset of assets) {
    for (const name of new Set(
      [asset.name, asset.label ?? asset.name, ...asset.synonyms].map((text) => splitWords(text).join(' ')),
    )) {
      const list = by.get(name);
      if (list) list.push(asset.sourceId);
      else by.set(name, [asset.sourceId]);
    }
  }
  return (text) => by.get(splitWords(text).join(' ')) ?? [];
}

const frames = [
  'what is %s?',
  "what's our %s",
  'what does %s mean?',
  'how do we calculate %s',
  'how is %s defined here',
  'definition of %s please',
  'hey, can somebody tell me what %s is?',
  'explain %s to me',
  'I need to understand %s',
  '%s?',
  'where can I find %s',
  'the %s metric',
  'what exactly counts towards %s',
  'which number is %s',
  'could you define "%s" for me',
  'was ist %s?',
  'was bedeutet %s genau?',
  'wie berechnen wir %s?',
  'was versteht man unter %s',
  'que es %s?',
  'que significa %s',
  'como se calcula %s?',
];

const typo = (word: string, random: () => number): string => {
  const at = 1 + Math.floor(random() * (word.length - 2));
  const kind = Math.floor(random() * 3);
  if (kind === 0) return word.slice(0, at) + word.slice(at + 1);
  if (kind === 1) return word.slice(0, at) + word[at + 1] + word[at] + word.slice(at + 2);
  return word.slice(0, at) + word[at] + word.slice(at);
};

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const list = [...items];
  for (let i = list.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [list[i], list[j]] = [list[j] as T, list[i] as T];
  }
  return list;
}

/** One question per asset (at most `limit`), from its spoken name. */
function fromName(
  assets: readonly Asset[],
  limit: number,
  make: (words: string[], random: () => number, asset: Asset, i: number) => string | undefined,
): BenchQuestion[] {
  const random = makeRandom(7);
  const gold = goldOf(assets);
  const pool = asked(assets);
  const step = Math.max(1, Math.floor(pool.length / limit));
  return pool
    .filter((_, i) => i % step === 0)
    .flatMap((asset, i) => {
      const question = make(spoken(asset).split(' '), random, asset, i);
      if (question === undefined) return [];
      const right = new Set([asset.sourceId, ...gold(spoken(asset))]);
      return [{ question, gold: [...right] }];
    });
}

const limit = 250;

export const variations: readonly Variation[] = [
  {
    name: 'asked in a sentence',
    make: (assets) =>
      fromName(assets, limit, (words, _random, _asset, i) =>
        (frames[i % frames.length] ?? '%s').replace('%s', words.join(' ')),
      ),
  },
  {
    name: 'words in another order',
    make: (assets) =>
      fromName(assets, limit, (words, random) =>
        words.length < 2 ? undefined : shuffled(words, random).join(' '),
      ),
  },
  {
    name: 'one word left out',
    make: (assets) =>
      fromName(assets, limit, (words, random) => {
        if (words.length < 4) return undefined;
        const out = Math.floor(random() * words.length);
        return words.filter((_, i) => i !== out).join(' ');
      }),
  },
  {
    name: 'a typo in the longest word',
    make: (assets) =>
      fromName(assets, limit, (words, random) => {
        const longest = words.reduce((best, word) => (word.length > best.length ? word : best), '');
        if (longest.length < 5 || /\d/.test(longest)) return undefined;
        return words.map((word) => (word === longest ? typo(word, random) : word)).join(' ');
      }),
  },
  {
    name: 'singular for plural and back',
    make: (assets) =>
      fromName(assets, limit, (words) =>
        words
          .map((word) =>
            word.length < 4 || /\d|ly$|ss$/.test(word)
              ? word
              : word.endsWith('s') && !word.endsWith('ss')
                ? word.slice(0, -1)
                : `${word}s`,
          )
          .join(' '),
      ),
  },
  {
    name: 'an identifier pasted',
    make: (assets) =>
      fromName(assets, limit, (words, _random, asset, i) => {
        const camel = words
          .map((word, at) => (at === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1)))
          .join('');
        return [
          asset.sourceId,
          `what is ${asset.sourceId}?`,
          `\`${asset.name}\` ?`,
          `is ${asset.name.toUpperCase()} documented`,
          camel,
          `what is ${words.join('-')}`,
        ][i % 6];
      }),
  },
  {
    name: 'with a time, a place or a use',
    make: (assets) =>
      fromName(assets, limit, (words, _random, _asset, i) => {
        const name = words.join(' ');
        return [
          `${name} last month`,
          `what is ${name} in Q3 2025?`,
          `how did ${name} look yesterday`,
          `${name} as of 2026-01-31`,
          `can I use ${name} for the board deck`,
          `${name} for finance reporting`,
          `what is ${name} by country`,
          `${name} per customer segment since March`,
          `we had a discussion about ${name} in today's meeting, what is it?`,
        ][i % 9];
      }),
  },
  {
    name: 'what the description says',
    make: (assets) => {
      const gold = goldOf(assets);
      return fromName(assets, limit, (words, random, asset) => {
        const sentence = asset.description.split(/[.;:(]/)[0] ?? '';
        const used = new Set(words);
        const kept = splitWords(sentence).filter(
          (word) =>
            word.length > 2 &&
            !used.has(word) &&
            !asking.has(word) &&
            !everywhere.has(word) &&
            random() > 0.3,
        );
        return kept.length < 4 || gold(kept.join(' ')).length > 0 ? undefined : kept.slice(0, 9).join(' ');
      });
    },
  },
  {
    name: 'former wordings',
    make: (assets) => formerWordings(asked(assets), limit),
  },
];

const platforms = ['android', 'ios', 'desktop', 'web', 'tv'];

/** The same metrics on every platform, named in the ways that catalogs do; asked for with and without the platform. */
export function platformFamilies(
  assets: readonly Asset[],
  style: 'prefix' | 'suffix' | 'label' | 'path',
): BenchCatalog {
  const metrics = assets.filter((asset) => asset.kind === 'metric').slice(0, 60);
  const made: Asset[] = [];
  const questions: BenchQuestion[] = [];
  metrics.forEach((metric, i) => {
    const on = platforms.filter((_, at) => (i + at) % 5 !== 0);
    const idOf = (platform: string): string => `${metric.sourceId}.${platform}`;
    for (const platform of on) {
      const name =
        style === 'suffix'
          ? `${metric.name}_${platform}`
          : style === 'path'
            ? metric.name
            : `${platform}_${metric.name}`;
      made.push({
        ...metric,
        id: assetId(metric.source, idOf(platform)),
        sourceId: idOf(platform),
        name,
        ...(metric.label === undefined
          ? {}
          : { label: style === 'label' ? `${metric.label} (${platform})` : metric.label }),
        ...(style === 'path'
          ? { path: `definitions/${platform}.toml`, context: [platform], domain: platform }
          : {}),
      });
    }
    const one = on[i % on.length] ?? '';
    questions.push({ question: spoken(metric), gold: on.map(idOf) });
    questions.push({ question: `what is ${spoken(metric)} on ${one}?`, gold: [idOf(one)] });
    questions.push({ question: `${one} ${spoken(metric)}`, gold: [idOf(one)] });
  });
  return { name: `families, platform in the ${style}`, assets: made, questions };
}
