import type { KnownBlock, Overflow } from '@slack/types';
import { expect, it } from 'vitest';
import { answerQuestion } from '../../answers/answer.js';
import { shopInput } from '../../answers/test-catalog.js';
import type { Verdict } from '../../answers/verdict-types.js';
import { cardMenus } from './answer-menus.js';

function menusOf(verdict: Verdict['verdict']) {
  const answer = answerQuestion({ ...shopInput(), question: 'what is net revenue' });
  if (!answer.subject || !answer.verdict) throw new Error('net revenue has no card');
  const asset = { ...answer.subject, relation: 'shop.marts.revenue', exampleQuery: 'select 1' };
  return cardMenus(asset, { ...answer, verdict: { ...answer.verdict, verdict } });
}

const entries = (menu: Overflow): string[] => menu.options.map(({ text }) => text.text);

function parts(act: KnownBlock): { buttons: string[]; menu: string[] } {
  if (act.type !== 'actions') throw new Error('no actions');
  return {
    buttons: act.elements.flatMap((one) => (one.type === 'button' ? [one.text.text] : [])),
    menu: act.elements.flatMap((one) => (one.type === 'overflow' ? entries(one) : [])),
  };
}

it('shows three buttons on a safe card, and everything else in menus of at most five', () => {
  const { look, act } = menusOf('SAFE');
  expect(parts(act)).toEqual({
    buttons: ['More', 'Why did it change?', 'Example query'],
    menu: ['Report a problem', 'Request access', 'Ask the owner', 'Propose a change'],
  });
  expect(entries(look)).toEqual(['Related and lineage', 'Lineage picture', 'Helpful', 'Not helpful']);
});

it('puts the report of a problem where it is needed once something is wrong', () => {
  const { look, act } = menusOf('DO NOT USE');
  expect(parts(act)).toEqual({
    buttons: ['More', 'Why did it change?', 'Report a problem'],
    menu: ['Request access', 'Ask the owner', 'Propose a change'],
  });
  expect(entries(look)).toEqual([
    'Related and lineage',
    'Lineage picture',
    'Example query',
    'Helpful',
    'Not helpful',
  ]);
});
