import type { Answer } from './answer-types.js';
import { title } from './compose.js';
import type { AnswerContext } from './context.js';
import { factsOf } from './facts.js';
import type { RecognisedIntent } from './intent.js';
import { retrieve } from './retrieve.js';
import { sentence } from './words.js';

const compared = ['definition', 'formula', 'filters', 'grain', 'unit', 'timeDimension', 'dimensions', 'owner', 'tier', 'status'];

/** Two things side by side, field by field. Undefined unless both are found and both may be seen in full. */
export function answerComparison(
  recognised: RecognisedIntent,
  other: string,
  question: string,
  context: AnswerContext,
): Answer | undefined {
  const left = retrieve(recognised.subject, 'compare', context);
  const right = retrieve(other, 'compare', context);
  if (left.decision.outcome !== 'answered' || right.decision.outcome !== 'answered') return undefined;
  const a = context.view.get(left.decision.chosen.id);
  const b = context.view.get(right.decision.chosen.id);
  if (!a || !b || a.id === b.id || context.levelOf(a) !== 'open' || context.levelOf(b) !== 'open') return undefined;
  const factsA = factsOf(a, context);
  const factsB = factsOf(b, context);
  const value = (facts: typeof factsA, field: string): string => facts.find((fact) => fact.field === field)?.value ?? 'not stated';
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
  return {
    outcome: 'answered',
    intent: 'compare',
    question,
    use: recognised.use,
    assets: [
      { asset: a, score: 1 },
      { asset: b, score: 1 },
      ...[...left.assets, ...right.assets].filter((one) => one.asset.id !== a.id && one.asset.id !== b.id).map((one) => ({ asset: one.asset, score: Math.min(0.9, one.score) })).sort((x, y) => y.score - x.score).slice(0, 8),
    ],
    subject: a,
    level: 'open',
    offers: [],
    facts: factsA,
    items: [{ asset: a }, { asset: b }],
    text: `${title(a)} and ${title(b)}. ${different.length === 0 ? 'Nothing that the catalog knows tells them apart.' : different.join(' ')}${same.length === 0 ? '' : ` The same in both: ${same.join(', ')}.`}`,
  };
}
