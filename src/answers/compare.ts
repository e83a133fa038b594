import type { Answer } from './answer-types.js';
import { title } from './compose.js';
import type { AnswerContext } from './context.js';
import { factsOf } from './facts.js';
import type { RecognisedIntent } from './intent.js';
import { type Retrieval, retrieve } from './retrieve.js';
import { sentence } from './words.js';

const compared = [
  'definition',
  'formula',
  'filters',
  'grain',
  'unit',
  'timeDimension',
  'dimensions',
  'owner',
  'tier',
  'status',
];

export type Comparison = { answer: Answer } | { unclear: Retrieval; words: string };

/** Two things side by side, field by field; or the side that is not clear. */
export function answerComparison(
  recognised: RecognisedIntent,
  other: string,
  question: string,
  context: AnswerContext,
): Comparison {
  const left = retrieve(recognised.subject, 'compare', context);
  const right = retrieve(other, 'compare', context);
  const a = left.chosen;
  const b = right.chosen;
  const sides = [
    { unclear: left, words: recognised.subject },
    { unclear: right, words: other },
  ];
  for (const outcome of ['unknown', 'ambiguous'] as const) {
    const side = sides.find((one) => one.unclear.outcome === outcome);
    if (side) return side;
  }
  if (!a || !b || a.id === b.id || context.levelOf(b) !== 'open')
    return { unclear: left, words: recognised.subject };
  if (context.levelOf(a) !== 'open') return { unclear: left, words: recognised.subject };
  const factsA = factsOf(a, context);
  const factsB = factsOf(b, context);
  const value = (facts: typeof factsA, field: string): string =>
    facts.find((fact) => fact.field === field)?.value ?? 'not stated';
  const different: string[] = [];
  const same: string[] = [];
  for (const field of compared) {
    const one = value(factsA, field);
    const two = value(factsB, field);
    if (one === 'not stated' && two === 'not stated') continue;
    const label = [...factsA, ...factsB].find((fact) => fact.field === field)?.label ?? field;
    if (one === two) same.push(label.toLowerCase());
    else different.push(`${label}: ${sentence(one)} Against: ${sentence(two)}`);
  }
  const answer: Answer = {
    outcome: 'answered',
    intent: 'compare',
    question,
    use: recognised.use,
    assets: [
      { asset: a, score: 1 },
      { asset: b, score: 1 },
      ...[...left.assets, ...right.assets]
        .filter((one) => one.asset.id !== a.id && one.asset.id !== b.id)
        .map((one) => ({ asset: one.asset, score: Math.min(0.9, one.score) }))
        .sort((x, y) => y.score - x.score)
        .slice(0, 8),
    ],
    subject: a,
    level: 'open',
    offers: [],
    facts: factsA,
    items: [{ asset: a }, { asset: b }],
    text: `${title(a)} and ${title(b)}. ${different.length === 0 ? 'Nothing that the catalog knows tells them apart.' : different.join(' ')}${same.length === 0 ? '' : ` The same in both: ${same.join(', ')}.`}`,
  };
  return { answer };
}
