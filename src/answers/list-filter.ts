import type { Asset, AssetKind } from '../catalog/asset.js';
import { splitWords } from '../catalog/search/text/split.js';
import type { AnswerContext } from './context.js';
import { judge } from './verdict.js';

export interface ListFilter {
  kinds: readonly AssetKind[];
  /** Said back to the person: "metrics without an owner". */
  words: string;
  keep: (asset: Asset) => boolean;
  /** Words that no condition used: what the listed things should be about. */
  about: string;
}

const kindNouns: readonly [RegExp, readonly AssetKind[], string][] = [
  [/\b(?:metrics?|kpis?|kennzahl(?:en)?|metrik(?:en)?|m[eé]tricas?)\b/i, ['metric'], 'metrics'],
  [/\b(?:models?|tables?|datasets?|tabellen?|modelle?|tablas?)\b/i, ['model', 'source'], 'tables'],
  [/\b(?:sources?|quellen?|fuentes?)\b/i, ['source'], 'sources'],
  [/\b(?:dashboards?|reports?|exposures?|berichte?|informes?)\b/i, ['exposure'], 'dashboards'],
  [/\b(?:terms?|begriffe?|t[eé]rminos?)\b/i, ['term'], 'terms'],
  [/\b(?:pipelines?|jobs?|dags?)\b/i, ['pipeline'], 'pipelines'],
  [
    /\b(?:everything|all things|things|assets?)\b/i,
    ['metric', 'model', 'source', 'exposure', 'term', 'pipeline'],
    'things',
  ],
];

const filler = new Set(
  (
    'all every everything the our my me do does have has had contain contains containing hold holds holding is are be been exist exists there which what list show give name find please we i you can could with in of for by to a an and or that any some how many know ask about belong belongs owned own owns from by ' +
    'alle die der das den es gibt welche welches haben hat sind ist zu von und mit f\u00fcr fur mir zeige zeig liste nenne geh\u00f6ren gehoren gehort no without ohne'
  ).split(' '),
);

interface Condition {
  pattern: RegExp;
  words: (match: RegExpExecArray) => string;
  keep: (asset: Asset, match: RegExpExecArray, context: AnswerContext) => boolean;
}

const owned = (asset: Asset, who: string): boolean => {
  const wanted = splitWords(who)
    .filter((word) => word !== 'team')
    .join(' ');
  return asset.owners.some((owner) =>
    [owner.team, owner.name, owner.email?.split('@')[0]].some((text) => {
      const words = splitWords(text ?? '')
        .filter((word) => word !== 'team')
        .join(' ');
      return words !== '' && (words === wanted || ` ${words} `.includes(` ${wanted} `));
    }),
  );
};
const bad = (asset: Asset, type: 'test' | 'freshness' | 'run', context: AnswerContext): boolean =>
  context.view
    .latestSignals(asset.id)
    .some((signal) => signal.type === type && (signal.status === 'fail' || signal.status === 'error'));

const conditions: readonly Condition[] = [
  {
    pattern:
      /\b(?:(?:with(?:out| no)|no|lack(?:ing)?(?: an?)?|miss(?:ing)?(?: an?)?|(?:do(?:es)?|have|has)(?: not|n't)? (?:have )?(?:no|an)|ohne|keine[n]?)\s+(?:an?\s+)?(?:owners?|verantwortliche[n]?|besitzer)|(?:that\s+)?(?:nobody|no\s*one)\s+owns?|niemandem\s+geh[oö]r(?:t|en)|unowned|ownerless|orphan(?:ed|s)?)\b/i,
    words: () => 'without an owner',
    keep: (asset) => asset.owners.length === 0,
  },
  {
    pattern:
      /\b(?:(?:with(?:out| no)|no|lack(?:ing)?(?: an?)?|miss(?:ing)?(?: an?)?|ohne|keine)\s+(?:an?\s+)?(?:descriptions?|definitions?|documentation|docs|beschreibung(?:en)?|definition(?:en)?)|undocumented|undescribed|undefined)\b/i,
    words: () => 'without a description',
    keep: (asset) => asset.description.trim() === '',
  },
  {
    pattern: /\b(?:(?:with(?:out| no)|no|ohne|keine|untested)\s*(?:tests?)?)\b(?<=tests?|untested)/i,
    words: () => 'without tests',
    keep: (asset, _match, context) =>
      !context.view.latestSignals(asset.id).some((signal) => signal.type === 'test'),
  },
  {
    pattern: /\b(?:not certified|uncertified|nicht zertifiziert\w*)\b/i,
    words: () => 'not certified',
    keep: (asset) => !asset.certified,
  },
  {
    pattern: /\b(?:certified|trusted|zertifiziert\w*|certificad\w+)\b/i,
    words: () => 'certified',
    keep: (asset) => asset.certified,
  },
  {
    pattern:
      /\b(?:(?:should|must|can|may|do)\s+(?:i|we|you|one)?\s*(?:not|never|better\s+not|n't)\s+(?:be\s+)?(?:ask(?:ing)?\s+(?:you\s+)?about|use[d]?|trust(?:ed)?|rely\s+on|quote[d]?|share[d]?)|shouldn't\s+(?:i|we|you|one)?\s*(?:be\s+)?(?:ask\s+about|use[d]?|trust(?:ed)?|rely\s+on|quote[d]?)|(?:should|must)\s+(?:i|we)\s+(?:avoid|stay\s+away\s+from)|unsafe|untrustworthy|unreliable|not\s+to\s+be\s+(?:used|trusted)|(?:sollte|darf)\s+(?:ich|man)\s+nicht\s+(?:verwenden|nutzen|fragen|trauen))\b/i,
    words: () => 'that should not be relied on now',
    keep: (asset, _match, context) =>
      asset.status === 'deprecated' || judge(asset, { ...context, use: 'general' }).verdict === 'DO NOT USE',
  },
  {
    pattern: /\b(?:deprecated|retired|outdated|veraltete?\w*|abgek[uü]ndigt\w*|obsolet\w*)\b/i,
    words: () => 'deprecated',
    keep: (asset) => asset.status === 'deprecated',
  },
  { pattern: /\bdrafts?\b/i, words: () => 'in draft', keep: (asset) => asset.status === 'draft' },
  {
    pattern: /\btier[ -]?(\d)\b/i,
    words: (match) => `of tier ${match[1]}`,
    keep: (asset, match) => asset.tier === Number(match[1]),
  },
  {
    pattern: /\b(?:fail(?:ing|ed)\s+tests?|tests?\s+fail(?:ing|ed)?|fehlgeschlagene\w*\s+tests?|broken)\b/i,
    words: () => 'with failing tests',
    keep: (asset, _match, context) => bad(asset, 'test', context),
  },
  {
    pattern: /\b(?:late|stale|delayed|not fresh|versp[aä]tet\w*)\b/i,
    words: () => 'that are late',
    keep: (asset, _match, context) => bad(asset, 'freshness', context),
  },
  {
    pattern: /\b(?:tagged(?: with| as)?|with (?:the )?tag|mit (?:dem )?tag)\s+["']?([\w-]+)["']?/i,
    words: (match) => `tagged ${match[1]}`,
    keep: (asset, match) => asset.tags.some((tag) => tag.toLowerCase() === match[1]?.toLowerCase()),
  },
  {
    pattern:
      /\b(?:in|of|from|im|aus)\s+(?:the\s+)?(?:domain|bereich|dom[aä]ne)\s+([\p{L}\d_-]+)|\b(?:in|of|from)\s+(?:the\s+)?([\p{L}\d_-]+)\s+domain\b/iu,
    words: (match) => `of domain ${match[1] ?? match[2]}`,
    keep: (asset, match) => asset.domain?.toLowerCase() === (match[1] ?? match[2])?.toLowerCase(),
  },
];

interface FoundCondition {
  said: string;
  keep: (asset: Asset) => boolean;
  /** The words without those of the condition. */
  rest: string;
}

/** What somebody may not know of teaches no word. */
const openAssets = (context: AnswerContext): Asset[] =>
  context.view.assets().filter((asset) => context.levelOf(asset) === 'open');

const ownedBy =
  /\b(?:owned by|belong(?:s|ing)? to|of team|of the team|by team|from team|von team|geh[oö]ren|geh[oö]rt)\s+(?:the\s+|dem\s+|team\s+)*(\S.*)$/iu;
const owns = /(?:^|\b(?:does|do)\s+)(?:the\s+)?(\S.*?)(?:\s+team)?\s+own\b/iu;
const ownerWords = 5;

/** "owned by Clinical Ops": how many of the words are the owner's name is for the catalog to say. */
function byOwner(words: string, context: AnswerContext): FoundCondition | undefined {
  const match = ownedBy.exec(words) ?? owns.exec(words);
  const after = match?.[1]?.split(/\s+/) ?? [];
  if (match === null || after.length === 0) return undefined;
  const assets = openAssets(context);
  const known = (who: string): boolean => assets.some((asset) => owned(asset, who));
  let count = Math.min(after.length, ownerWords);
  while (count > 1 && !known(after.slice(0, count).join(' '))) count--;
  const who = after.slice(0, count).join(' ');
  return {
    said: `of ${who}`,
    keep: (asset) => owned(asset, who),
    rest: words.replace(match[0], ` ${after.slice(count).join(' ')}`),
  };
}

const possessive = /\b((?:[\p{L}\d._-]+\s+){1,3}team|[\p{L}\d._-]+)['’]s?(?=\s|$)/iu;

/** "the finance team's metrics", "finance's tables": a team, or somebody who owns something here. */
function byPossessor(words: string, context: AnswerContext): FoundCondition | undefined {
  const [whole, who] = possessive.exec(words) ?? [];
  if (whole === undefined || who === undefined) return undefined;
  if (!/\steam$/i.test(who) && !openAssets(context).some((asset) => owned(asset, who))) return undefined;
  return { said: `of ${who}`, keep: (asset) => owned(asset, who), rest: words.replace(whole, ' ') };
}

const spokenLabels: readonly [RegExp, string][] = [
  [/\b(?:pii|personal data|personenbezogenen? daten)\b/i, 'pii'],
  [/\bfinancial data\b/i, 'financial'],
];
const labelsOf = (asset: Asset): string[] => [
  ...asset.classification,
  ...asset.columns.flatMap((column) => column.classification),
];

/** "with personal data", "tables that have phi": by the labels that this catalog gives. */
function byClassification(words: string, context: AnswerContext): FoundCondition | undefined {
  const any = /\b(?:sensitive|classified)(?: data)?\b/i.exec(words);
  if (any) {
    return {
      said: 'with sensitive data',
      keep: (asset) => labelsOf(asset).length > 0,
      rest: words.replace(any[0], ' '),
    };
  }
  for (const [pattern, label] of spokenLabels) {
    const match = pattern.exec(words);
    if (match) {
      return {
        said: `with ${match[0]}`,
        keep: (asset) => labelsOf(asset).includes(label),
        rest: words.replace(match[0], ' '),
      };
    }
  }
  const labels = new Set(openAssets(context).flatMap(labelsOf));
  const said = words.split(/\s+/).find((word) => labels.has(word.toLowerCase()));
  if (said === undefined) return undefined;
  const label = said.toLowerCase();
  return {
    said: `with ${label}`,
    keep: (asset) => labelsOf(asset).includes(label),
    rest: words.replace(said, ' '),
  };
}

/** Reads the words of a list question. What no condition explains is what the things should be about. */
export function readListFilter(words: string, context: AnswerContext): ListFilter {
  let rest = words;
  let kinds: readonly AssetKind[] = ['metric'];
  let noun = 'metrics';
  for (const [pattern, found, name] of kindNouns) {
    if (!pattern.test(rest)) continue;
    kinds = found;
    noun = name;
    rest = rest.replace(pattern, ' ');
    break;
  }
  const keeps: ((asset: Asset) => boolean)[] = [];
  const said: string[] = [];
  for (const { pattern, words: say, keep } of conditions) {
    const match = pattern.exec(rest);
    if (!match) continue;
    keeps.push((asset) => keep(asset, match, context));
    said.push(say(match));
    rest = rest.replace(match[0], ' ');
  }
  for (const read of [byOwner, byPossessor, byClassification]) {
    const found = read(rest, context);
    if (found === undefined) continue;
    keeps.push(found.keep);
    said.push(found.said);
    rest = found.rest;
  }
  const about = splitWords(rest)
    .filter((word) => !filler.has(word))
    .join(' ');
  return {
    kinds,
    words: [noun, ...said, ...(about === '' ? [] : [`about "${about}"`])].join(' '),
    keep: (asset) => keeps.every((keep) => keep(asset)),
    about,
  };
}
