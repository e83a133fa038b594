import { expect, it } from 'vitest';
import type { AssetDraft } from '../catalog/asset.js';
import { buildIndex } from '../catalog/search/build-index.js';
import { makeCatalog } from '../catalog/snapshot.js';
import { operatorViewer } from '../catalog/visibility.js';
import { answerQuestion } from './answer.js';
import { draft, testNow } from './test-catalog.js';

const revenue = (more: Partial<AssetDraft>): AssetDraft =>
  draft('metric', 'revenue', { description: 'Money from orders.', ...more });

function answered(sources: Record<string, Partial<AssetDraft>>, question = 'what is revenue?') {
  const names = Object.keys(sources);
  const view = makeCatalog(
    Object.entries(sources).map(([source, more]) => ({
      source,
      type: source,
      snapshot: { assets: [revenue(more)], edges: [], signals: [], warnings: [], info: {} },
    })),
    { precedence: [], identity: [{ by: 'name', kinds: ['metric'], sources: names }] },
  );
  return answerQuestion({
    view,
    index: buildIndex(view.assets()),
    now: testNow,
    viewer: operatorViewer,
    question,
  });
}

it('says what the sources of one thing do not agree on, and whose word is shown', () => {
  const { text, facts } = answered({
    glossary: { tier: 1 },
    dbt: { tier: 2, unit: 'EUR' },
    cube: { tier: 3, unit: 'USD' },
  });
  const said = 'tier (glossary is shown, dbt and cube differ) and unit (dbt is shown, cube differs)';
  expect(text).toContain(`Its sources disagree about its ${said}.`);
  expect(facts).toContainEqual(expect.objectContaining({ field: 'disputed', value: said }));
});

it.each(['is revenue safe for finance?', 'what was revenue in October?'])(
  'says it to "%s" too',
  (question) => {
    expect(answered({ dbt: { unit: 'EUR' }, cube: { unit: 'USD' } }, question).text).toContain(
      'Its sources disagree about its unit (dbt is shown, cube differs).',
    );
  },
);

it('says nothing where they agree', () => {
  expect(answered({ dbt: { unit: 'EUR' }, cube: { unit: 'eur' } }).text).not.toContain('disagree');
});
