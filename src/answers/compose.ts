import type { Asset, OwnerRef } from '../catalog/asset.js';
import type { Answer, Offer } from './answer-types.js';
import type { AnswerContext } from './context.js';
import { factsOf, formulaInWords } from './facts.js';
import { queryText } from './pasted-query.js';
import type { ScoredAsset } from './retrieve.js';
import { sinceInWords } from './since.js';
import type { Verdict } from './verdict-types.js';
import { purposeOf } from './visible-index.js';
import { codeLine, kindWord, listInWords, nameOf, ownerInWords, plain, sentence } from './words.js';

/** "Net revenue (metric)". */
export function title(asset: Asset): string {
  const label =
    asset.label !== undefined && asset.label !== asset.name
      ? `${asset.label} (${kindWord[asset.kind]} ${asset.name})`
      : `${asset.name} (${kindWord[asset.kind]})`;
  return plain(label, 200);
}

export function ownerSentence(asset: Asset, { personName }: Pick<AnswerContext, 'personName'>): string {
  if (asset.owners.length === 0) return 'It has no owner.';
  const named = (owner: OwnerRef): string => plain(ownerInWords(owner, personName), 120);
  const backup = asset.backupOwner === undefined ? '' : `; backup is ${named(asset.backupOwner)}`;
  return `Owner: ${plain(listInWords(asset.owners.map(named), 4), 200)}${backup}.`;
}

export function verdictSentences(verdict: Verdict, limit = 3): string {
  const use = verdict.use === 'general' ? '' : ` for ${verdict.use}`;
  const reasons = verdict.reasons.slice(0, limit).map((reason) => sentence(plain(reason.text, 240)));
  const support =
    verdict.verdict === 'SAFE'
      ? verdict.support.slice(0, 2).map((piece) => sentence(plain(piece.text, 200)))
      : [];
  const instead = verdict.useInstead === undefined ? '' : ` Use instead: ${verdict.useInstead}.`;
  return `${verdict.verdict}${use}${sinceInWords(verdict)}: ${[...reasons, ...support].join(' ') || 'nothing speaks against it.'}${instead}`;
}

/** What a thing means, said aloud: the short form of the card. */
export function definitionText(
  asset: Asset,
  verdict: Verdict | undefined,
  context: Pick<AnswerContext, 'personName'>,
): string {
  const parts = [
    `${title(asset)}: ${sentence(plain(asset.description, 500)) || 'It has no description yet.'}`,
  ];
  if (asset.formula) {
    const spoken = formulaInWords(asset);
    parts.push(
      `Formula: ${codeLine(asset.formula.expression, 300)}${spoken === undefined ? '' : `, that is ${spoken}`}.`,
    );
  }
  if (asset.filters.length > 0) parts.push(`Only where ${codeLine(asset.filters.join(' and '), 240)}.`);
  const caveats = asset.caveats.filter((caveat) => !/^none(?: known)?\.?$/i.test(caveat.trim()));
  if (caveats.length > 0) parts.push(`Mind: ${sentence(plain(caveats.join(' '), 300))}`);
  if (verdict) parts.push(verdictSentences(verdict));
  parts.push(ownerSentence(asset, context));
  return parts.join(' ');
}

/** Name, purpose and owner, nothing more. */
export function requestableText(asset: Asset, context: Pick<AnswerContext, 'personName'>): string {
  return [
    `${title(asset)}: ${sentence(purposeOf(asset)) || 'It has no description yet.'}`,
    ownerSentence(asset, context),
    'Its details are for those with access: request access to see more.',
  ].join(' ');
}

export function ambiguousText(offers: readonly Offer[], offeredAs?: Answer['offeredAs']): string {
  const lines = offers.map(
    (offer, i) => `${i + 1}) ${title(offer.asset)}${offer.tellsApart === '' ? '' : `: ${offer.tellsApart}`}`,
  );
  const [only] = offers;
  return offers.length === 1 && only
    ? `${noSuchThing(offeredAs)} Do you mean ${title(only.asset)}${only.tellsApart === '' ? '' : `: ${only.tellsApart}`}?`
    : `${whichOne(offeredAs)} ${lines.join('. ')}.`;
}

/** Said before an answer to the first of several things that were asked in one message. */
export const firstOnlyText =
  'You asked more than one thing; this is about the first. Ask the rest by itself.';

/** Said before one thing is offered for what is not there. */
export function noSuchThing(offeredAs: Answer['offeredAs']): string {
  if (offeredAs === 'query') return queryText;
  if (offeredAs === 'within') return 'I do not understand all of it.';
  return offeredAs === 'part'
    ? 'The catalog has the whole of it, and nothing that is only this part.'
    : 'Nothing is called that here.';
}

/** The question of an ask-back between several. */
export function whichOne(offeredAs: Answer['offeredAs']): string {
  if (offeredAs === 'query') return `${queryText} Which of what it reads do you mean?`;
  return offeredAs === 'several' ? 'You name several things. Which one first?' : 'Which one do you mean?';
}

/**
 * The same sentence for what is not there and for what may not be known. It names what was asked for only as the
 * person wrote it.
 */
export function unknownText(subject: string, nearest: readonly ScoredAsset[]): string {
  const asked = plain(subject, 120);
  const near = nearest.slice(0, 3).map((one) => nameOf(one.asset));
  const hint =
    near.length === 0
      ? ''
      : ` The nearest things are ${listInWords(near.map((name) => plain(name, 80)))}, which may be something else.`;
  return `I do not know ${asked === '' ? 'that' : `"${asked}"`}: nothing in the catalog says what it is.${hint}`;
}

export function lineageText(
  asset: Asset,
  parents: readonly { asset: Asset }[],
  all: number,
  context: Pick<AnswerContext, 'personName'>,
): string {
  if (all === 0)
    return `${title(asset)} is built from nothing that the catalog knows of. ${ownerSentence(asset, context)}`;
  const direct = listInWords(
    parents.map((one) => `${nameOf(one.asset)} (${kindWord[one.asset.kind]})`),
    10,
  );
  const more = all > parents.length ? ` Further up are ${all - parents.length} more.` : '';
  return `${title(asset)} is built from ${direct}.${more}`;
}

export function downstreamText(
  asset: Asset,
  items: readonly { asset: Asset }[],
  what = 'depends on it',
): string {
  if (items.length === 0) return `Nothing in the catalog ${what}: ${title(asset)}.`;
  const byKind = new Map<string, string[]>();
  for (const { asset: one } of items) {
    const word = `${kindWord[one.kind]}s`;
    byKind.set(word, [...(byKind.get(word) ?? []), nameOf(one)]);
  }
  const parts = [...byKind].map(
    ([word, names]) =>
      `${names.length} ${names.length === 1 ? word.slice(0, -1) : word}: ${listInWords(names, 8)}`,
  );
  return `What ${what} (${title(asset)}): ${parts.join('; ')}.`;
}

/** Where to read a number that Steward does not state itself: the first dashboard that may be named, and a query to copy. */
export function placesOfNumber(asset: Asset, context: AnswerContext): NonNullable<Answer['numberIn']> {
  const dashboard = context.view
    .downstream(asset.id, { kinds: ['exposure'] })
    .map((one) => one.asset)
    .find(context.mayName);
  const query = asset.exampleQuery ?? asset.formula?.compiledQuery;
  return {
    // beside the source's own number it would be read as a contradiction
    ...(context.numberShown ? {} : { disclaimer: 'I do not state numbers of my own.' }),
    ...(dashboard === undefined
      ? {}
      : {
          dashboard: {
            name: nameOf(dashboard),
            ...(dashboard.url === undefined ? {} : { url: dashboard.url }),
          },
        }),
    ...(query === undefined ? {} : { query }),
  };
}

export function valueText(
  asset: Asset,
  verdict: Verdict,
  { disclaimer, dashboard, query }: NonNullable<Answer['numberIn']>,
  context: AnswerContext,
): string {
  return [
    ...(disclaimer === undefined ? [] : [disclaimer]),
    definitionText(asset, verdict, context),
    ...(dashboard === undefined
      ? []
      : [`Look it up on ${dashboard.name}${dashboard.url === undefined ? '' : ` (${dashboard.url})`}.`]),
    ...(query === undefined ? [] : [`Query: ${codeLine(query, 500)}`]),
  ].join(' ');
}

/** The card's facts, only where they may be shown. */
export function factsFor(
  answer: Pick<Answer, 'level'>,
  asset: Asset,
  context: AnswerContext,
): Answer['facts'] {
  return answer.level === 'open' ? factsOf(asset, context) : [];
}
