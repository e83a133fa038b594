import type { KnownBlock, Overflow } from '@slack/types';
import type { Answer } from '../../answers/answer-types.js';
import type { Asset } from '../../catalog/asset.js';
import { actions, type ButtonParams, overflow } from '../blocks.js';

interface Entry extends ButtonParams {
  value: string;
}

/**
 * What can be done from a card: three buttons by its state, the rest in two menus, since Slack takes five entries in one. The menu beside
 * the name looks closer and rates; the one beside the buttons starts something.
 */
export function cardMenus(asset: Asset, answer: Answer): { look: Overflow; act: KnownBlock } {
  const { id } = asset;
  const safe = answer.verdict === undefined || answer.verdict.verdict === 'SAFE';
  const entry = (text: string, actionId: string): Entry => ({ text, actionId, value: id });
  const report = entry('Report a problem', 'answer:report');
  const related = entry('Related and lineage', 'answer:lineage');
  const query =
    (asset.exampleQuery ?? asset.formula?.compiledQuery) === undefined
      ? []
      : [entry('Example query', 'answer:query')];
  const more: Entry = {
    ...entry('More', 'answer:more'),
    label: 'Everything known, with its source',
  };
  const third = safe ? (query[0] ?? related) : report;
  const shown: Entry[] = [more, entry('Why did it change?', 'answer:why'), third];
  const rest = (entries: readonly Entry[]) =>
    entries
      .filter(({ actionId }) => actionId !== third.actionId)
      .map(({ text, actionId, value }) => ({ text, value: `${actionId}|${value}` }));
  return {
    look: overflow(
      rest([
        related,
        entry('Lineage picture', 'answer:picture'),
        ...query,
        entry('Helpful', 'answer:helpful'),
        entry('Not helpful', 'answer:unhelpful'),
      ]),
    ),
    act: actions(
      shown,
      rest([
        report,
        ...(asset.relation === undefined ? [] : [entry('Request access', 'answer:access')]),
        entry('Ask the owner', 'answer:ask-owner'),
        entry('Propose a change', 'answer:propose'),
      ]),
    ),
  };
}
