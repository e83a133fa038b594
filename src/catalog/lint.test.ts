import { describe, expect, it } from 'vitest';
import { lintCatalog } from './lint.js';
import { makeCatalog } from './snapshot.js';
import { draft, snapshot } from './test-kit/asset.js';

function lint(assets: Parameters<typeof draft>[0][], edges: { from: string; to: string }[] = []): string[] {
  const catalog = makeCatalog([
    {
      source: 'dbt',
      snapshot: snapshot({
        assets: assets.map(draft),
        edges: edges.map((edge) => ({ ...edge, kind: 'upstream' })),
      }),
    },
  ]);
  return lintCatalog(catalog).map((finding) => `${finding.rule}: ${finding.message}`);
}

const whole = {
  tier: 1,
  owners: [{ team: 'finance' }],
  description: 'What we earn.',
  grain: 'day',
  caveats: ['None known.'],
  runbook: 'https://wiki.shop.example/revenue',
  formula: { type: 'simple', expression: 'sum(amount)', inputs: [] },
};

describe('catalog lint', () => {
  it('is content with a tier 1 metric that says everything', () => {
    expect(lint([{ name: 'revenue', ...whole }])).toEqual([]);
  });

  it('asks tier 1 for owner, description, caveats, runbook and grain, and a metric for its formula', () => {
    expect(lint([{ name: 'revenue', tier: 1 }]).map((line) => line.split(':')[0])).toEqual([
      'missing-owner',
      'missing-description',
      'missing-caveats',
      'missing-runbook',
      'missing-grain',
      'missing-formula',
    ]);
    expect(lint([{ name: 'revenue', tier: 3 }])).toEqual([]);
    expect(lint([{ name: 'revenue', tier: 1, status: 'deprecated' }])).toEqual([]);
  });

  it('finds one name for two metrics', () => {
    expect(lint([{ name: 'net_revenue' }, { name: 'Net Revenue' }])).toEqual([
      'duplicate-name: net_revenue is also the name of dbt: metric.shop.Net Revenue.',
      'duplicate-name: Net Revenue is also the name of dbt: metric.shop.net_revenue.',
    ]);
  });

  it('finds an alias that leads to two metrics, be it as alias or as name', () => {
    expect(lint([{ name: 'net_revenue', synonyms: ['Turnover'] }, { name: 'turnover' }])).toEqual([
      'duplicate-alias: The alias "turnover" of net_revenue also leads to turnover.',
    ]);
  });

  it('finds references and successors that lead nowhere', () => {
    expect(
      lint(
        [{ name: 'old', status: 'deprecated', successor: 'gone' }],
        [{ from: 'model.shop.gone', to: 'metric.shop.old' }],
      ),
    ).toEqual([
      'missing-successor: old points to gone as its successor, which is not in the catalog.',
      'broken-reference: old refers to model.shop.gone, which dbt does not have.',
    ]);
  });

  it('finds what sources disagree about', () => {
    const catalog = makeCatalog([
      { source: 'dbt', snapshot: snapshot({ assets: [draft({ name: 'revenue' })] }) },
      { source: 'glossary', snapshot: snapshot({ assets: [draft({ name: 'revenue', sourceId: 'r' })] }) },
    ]);
    expect(lintCatalog(catalog).map((each) => [each.rule, each.source, each.name])).toContainEqual([
      'source-conflict',
      'dbt',
      'revenue',
    ]);
  });
});
