import { describe, expect, it } from 'vitest';
import { buildIndex } from '../catalog/search/build-index.js';
import { makeCatalog } from '../catalog/snapshot.js';
import type { Viewer, VisibilityRule } from '../catalog/visibility.js';
import { answerQuestion } from './answer.js';
import type { AssetNotice } from './notices.js';
import { assetNamed, draft, shopInput, testNow } from './test-catalog.js';

const input = shopInput();
const ask = (question: string) => answerQuestion({ ...input, question });

describe('an answer', () => {
  it('says what it means, how it is computed, whose it is and whether it may be used', () => {
    const answer = ask('what does net revenue mean?');
    expect(answer).toMatchObject({ outcome: 'answered', intent: 'define' });
    expect(answer.verdict?.verdict).toBe('SAFE');
    expect(answer.text).toContain('Money from delivered orders after refunds and tax.');
    expect(answer.text).toContain('sum(amount - refunds)');
    expect(answer.text).toContain('Owner: finance');
    expect(answer.facts.find((fact) => fact.field === 'definition')?.source).toEqual({
      source: 'shop',
      file: 'models/net_revenue.yml',
      line: 3,
    });
    expect(answer.facts.find((fact) => fact.field === 'usedBy')).toMatchObject({
      value: 'Board deck',
      links: [{ text: 'Board deck', url: 'https://bi.example/board' }],
    });
  });

  it('says of every fact where it was read: a file at its commit, the artifact of a measurement, the decision behind a change', () => {
    const { view } = input;
    const read = { name: 'shop', type: 'test', warnings: [] };
    const info = { revision: 'c0ffee', testsFrom: 'run_results.json', freshnessFrom: 'sources.json' };
    const netRevenue = assetNamed(input, 'net_revenue');
    const answer = answerQuestion({
      ...input,
      view: { ...view, sources: [{ ...read, info }] },
      versionsOf: () => [
        {
          assetId: netRevenue.id,
          validFrom: new Date('2026-02-01T00:00:00Z'),
          change: 'meaning',
          asset: netRevenue,
          decision: 'DEF-7',
          url: 'https://slack.example/p1',
        },
      ],
      question: 'net revenue',
    });
    const sourceOf = (field: string) => answer.facts.find((fact) => fact.field === field)?.source;
    expect(answer.facts.filter(({ source }) => source?.source === undefined)).toEqual([]);
    expect(sourceOf('formula')).toMatchObject({ file: 'models/net_revenue.yml', revision: 'c0ffee' });
    expect(sourceOf('tests')).toMatchObject({ file: 'run_results.json' });
    expect(sourceOf('freshness')).toMatchObject({ file: 'sources.json' });
    expect(sourceOf('lastChange')).toMatchObject({ file: 'DEF-7', url: 'https://slack.example/p1' });
    const [failed] =
      answerQuestion({
        ...input,
        onsetsOf: () => [
          {
            assetId: netRevenue.id,
            type: 'test',
            name: 'unique',
            status: 'fail',
            observedAt: '2026-03-01T06:00:00Z',
          },
        ],
        view: {
          ...view,
          upstream: () => [],
          get: (id) => {
            const found = view.get(id);
            return (
              found && { ...found, provenance: { '*': { file: 'a.yml', url: 'https://git.example/a.yml' } } }
            );
          },
        },
        question: 'why did net revenue change?',
      }).events ?? [];
    expect(failed).toMatchObject({ kind: 'failed-test', url: 'https://git.example/a.yml' });
  });

  it('shows that a name stands twice: a name beats a synonym, and a metric beats a term where a number is asked for', () => {
    const two = shopInput({
      assets: [
        draft('term', 'Turnover', { description: 'What the finance glossary calls sales.' }),
        draft('metric', 'gross_turnover', { label: 'Gross turnover', synonyms: ['turnover'] }),
      ],
    });
    const named = (question: string) => answerQuestion({ ...two, question });
    expect(named('what is turnover?')).toMatchObject({ outcome: 'answered', subject: { name: 'Turnover' } });
    expect(named('what is turnover?').text).toMatch(
      /^Gross turnover \(metric\) is called so too: this is the term Turnover\. /,
    );
    expect(named('what was turnover in October?')).toMatchObject({
      subject: { name: 'gross_turnover' },
      alsoCalled: 'Turnover (term) is called so too: this is the metric Gross turnover.',
    });
    expect(named('gross turnover').alsoCalled).toBeUndefined();
  });

  it('says which metrics not to rely on, and does not take that for the name of one', () => {
    const old = shopInput({
      assets: [draft('metric', 'gmv', { status: 'deprecated', successor: 'net_revenue' })],
    });
    for (const question of ['which metric should I not ask about', 'which metrics should I avoid?'])
      expect(answerQuestion({ ...old, question }).text, question).toBe(
        '1 metric that should not be relied on now: gmv.',
      );
    expect(ask('which metrics should not be used?').text).toBe(
      'There are no metrics that should not be relied on now.',
    );
  });

  it('offers what is named among words that it does not understand, and never takes it for what was meant', () => {
    const games = shopInput({
      assets: [
        draft('metric', 'dau', { label: 'Daily active players', synonyms: ['DAU'] }),
        draft('metric', 'bed_days', { description: 'Days a bed was taken; bots are excluded here.' }),
      ],
    });
    const about = (question: string) => answerQuestion({ ...games, question });
    expect(about('что такое DAU')).toMatchObject({
      outcome: 'ambiguous',
      offeredAs: 'within',
      offers: [{ asset: { name: 'dau' } }],
    });
    expect(about('что такое DAU').text).toMatch(/^I do not understand all of it\. Do you mean Daily active/);
    const [first] = about('are bots excluded from DAU?').assets;
    expect(first?.asset.name).toBe('dau');
    expect(about('how do I get a new badge?').outcome).toBe('unknown');
    expect(about('what is the weather in DAUGAVPILS').outcome).toBe('unknown');
  });

  it('counts what the catalog holds, where a metric is called "count" too', () => {
    const counted = shopInput({ assets: [draft('metric', 'count', { description: 'Shipments.' })] });
    const about = (question: string) => answerQuestion({ ...counted, question });
    expect(about('how many metrics do we have?').text).toMatch(/^\d+ metrics: /);
    expect(about('count').subject?.name).toBe('count');
  });

  it('hears a name within words that stand around names', () => {
    for (const question of ['the net revenue number', 'numbers for net revenue', 'net revenue formula'])
      expect(ask(question), question).toMatchObject({
        outcome: 'answered',
        subject: { name: 'net_revenue' },
      });
  });

  it('finds a thing by the identifier of its source and by its table', () => {
    expect(ask('metric.shop.churn_rate').subject?.name).toBe('churn_rate');
    expect(ask('shop.marts.fct_orders').subject?.name).toBe('fct_orders');
  });

  it.each(['whats net revenue pls', 'net revenue plz', 'whats our net revenue, cheers'])(
    'hears the name through how it is asked: %s',
    (question) => expect(ask(question).subject?.name).toBe('net_revenue'),
  );

  it('asks back where several things fit, and says what tells them apart', () => {
    const answer = ask('revenue');
    expect(answer.outcome).toBe('ambiguous');
    expect(answer.offers.map((offer) => offer.asset.name).sort()).toEqual(['gross_revenue', 'net_revenue']);
    for (const offer of answer.offers) expect(offer.tellsApart).not.toBe('');
  });

  it.each([
    ['what is net revenue in Mongolia?', 'Mongolia'],
    ['was ist net revenue in der Mongolei', 'Mongolei'],
    ['what was net revenue in Mongolia last month?', 'Mongolia'],
    ['can I trust net revenue in Mongolia?', 'Mongolia'],
  ])('says of what the catalog does not speak, before it answers with the whole: %s', (question, part) => {
    const answer = ask(question);
    if (answer.outcome !== 'answered') throw new Error(answer.text);
    expect(answer.unspoken).toBe(
      `Nothing in the catalog speaks of "${part}": this is Net revenue as a whole.`,
    );
    expect(answer.text.startsWith(answer.unspoken ?? '-')).toBe(true);
  });

  it.each([
    'what is net revenue?',
    'net revenue in plain English',
    'net revenue in refunded orders',
    'what was net revenue in October?',
    'who owns net revenue in Mongolia?',
    'net revenue for the board deck',
  ])('says no such thing where a part is known, or none is asked for: %s', (question) => {
    expect(ask(question).unspoken).toBeUndefined();
  });

  it('ends what tells two apart where a thought does, not at a comma that a cut left', () => {
    const long =
      'Recurring fees of the month over all customers that paid in the month before it, as a share of those';
    const input = shopInput({
      assets: [
        draft('metric', 'nrr_a', { label: 'Retained', description: `${long}, nevertheless included.` }),
        draft('metric', 'nrr_b', { label: 'Retained', description: 'Another one.' }),
      ],
    });
    const { text } = answerQuestion({ ...input, question: 'retained' });
    expect(text).toContain('Another one.');
    expect(text).not.toMatch(/[,;:] ?[.?]/);
  });

  it('says that it does not know, with the question as it was put', () => {
    const answer = ask('what is the capital of Mongolia?');
    expect(answer.outcome).toBe('unknown');
    expect(answer.text).toContain('I do not know "what is the capital of Mongolia"');
  });

  it('lists what hangs on a column and on a table', () => {
    expect(ask('what uses column order_status?').items?.map((item) => item.asset.name)).toEqual([
      'net_revenue',
      'board_deck',
    ]);
    expect(ask('what breaks if fct_orders changes?').items?.map((item) => item.asset.name)).toEqual([
      'net_revenue',
      'board_deck',
    ]);
  });

  it('walks up for where something comes from', () => {
    expect(ask('where does net revenue come from?').items?.map((item) => item.asset.name)).toEqual([
      'fct_orders',
      'raw_orders',
    ]);
  });

  it('lists what has no owner', () => {
    expect(ask('which metrics have no owner?').items?.map((item) => item.asset.name)).toEqual(['churn_rate']);
  });

  it.each([
    'metrics without owner',
    'metrics with no owner',
    'Metriken ohne Verantwortlichen',
    'Metrik ohne Besitzer',
  ])('lists what has no owner where nobody says "which": %s', (question) => {
    const answer = ask(question);
    expect(answer.intent).toBe('list');
    expect(answer.items?.map((item) => item.asset.name)).toEqual(['churn_rate']);
  });

  it('lists what stands in a domain, of every kind or of one, in English and German', () => {
    const input = shopInput({
      assets: [
        draft('term', 'Circulation', { domain: 'print' }),
        draft('metric', 'copies', { domain: 'print' }),
        draft('term', 'Open rate', { domain: 'digital' }),
      ],
    });
    const listed = (question: string) =>
      answerQuestion({ ...input, question }).items?.map((item) => item.asset.name);
    expect(listed('list everything in domain print')).toEqual(['Circulation', 'copies']);
    expect(listed('everything in the print domain')).toEqual(['Circulation', 'copies']);
    expect(listed('Begriffe im Bereich print')).toEqual(['Circulation']);
  });

  it('takes an identifier that nothing is called for a column, said or not', () => {
    const input = shopInput({
      assets: [
        draft('model', 'fct_legs', {
          columns: [{ name: 'delay_minutes', description: '', tags: [], classification: [], meta: {} }],
        }),
        draft('metric', 'late_legs', {
          formula: { type: 'simple', expression: 'sum(delay_minutes)', inputs: [] },
        }),
      ],
      edges: [{ from: 'model.shop.fct_legs', to: 'metric.shop.late_legs', kind: 'measures' }],
    });
    for (const question of ['what uses delay_minutes', 'which metrics use delay_minutes?'])
      expect(answerQuestion({ ...input, question }).text).toBe(
        'Column delay_minutes is in fct_legs. It is named by late_legs (metric).',
      );
    expect(answerQuestion({ ...input, question: 'what uses late_legs' }).text).toContain(
      'late_legs (metric)',
    );
  });

  it('reads "pls" and "plz" as the politeness they are', () => {
    for (const question of ['pls explain net revenue', 'plz define net revenue', 'explain net revenue plz'])
      expect(ask(question)).toMatchObject({ outcome: 'answered', subject: { name: 'net_revenue' } });
  });

  it('lists by an owner of several words and by the labels that the catalog gives', () => {
    const input = shopInput({
      assets: [
        draft('metric', 'bed_days', { owners: [{ team: 'Clinical Ops' }] }),
        draft('model', 'stays', { owners: [{ team: 'Clinical Ops' }], classification: ['phi'] }),
        draft('model', 'wards'),
      ],
    });
    const named = (question: string) =>
      answerQuestion({ ...input, question })
        .items?.map((item) => item.asset.name)
        .sort();
    expect(named('metrics owned by clinical ops')).toEqual(['bed_days']);
    expect(named('everything owned by clinical ops')).toEqual(['bed_days', 'stays']);
    expect(named('list everything owned by Clinical Ops, please')).toEqual(['bed_days', 'stays']);
    for (const question of ['which tables have phi?', 'what tables contain phi', 'show me all phi tables'])
      expect(named(question), question).toEqual(['stays']);
    expect(answerQuestion({ ...input, question: 'which tables have pii?' }).text).toBe(
      'There are no tables with pii.',
    );
    expect(named('metrics')).toContain('bed_days');
    expect(answerQuestion({ ...input, question: 'which tables have phi?' }).text).toBe(
      '1 table with phi: stays.',
    );
  });

  it.each([
    "what are the finance team's metrics?",
    'show me the finance team’s metrics',
    "list finance's metrics",
    "finance team's metrics",
  ])('lists what a team owns: %s', (question) => {
    const answer = ask(question);
    expect(answer.intent).toBe('list');
    expect(answer.items?.map((item) => item.asset.name).sort()).toEqual(['gross_revenue', 'net_revenue']);
  });

  it('takes for an owner in a list only who is a team or owns something', () => {
    expect(ask("list the shop's metrics").text).not.toContain('of shop');
    expect(ask("list the legal team's metrics").items ?? []).toEqual([]);
  });

  it('says a filter that excludes as one', () => {
    const input = shopInput({
      assets: [draft('metric', 'gmv', { description: 'Value.', filters: ["status <> 'cancelled'"] })],
    });
    const answer = answerQuestion({ ...input, question: 'gmv' });
    expect(answer.text).toContain("Only where status <> 'cancelled'.");
    expect(answer.facts.find(({ field }) => field === 'filters')?.value).toBe("status <> 'cancelled'");
  });

  it('puts first what is owned by the team whose channel it is asked in', () => {
    const twin = (team: string) =>
      draft('metric', `${team}_backlog`, {
        label: 'Open backlog',
        owners: [{ team }],
        description: 'Not done.',
      });
    const input = shopInput({ assets: [twin('growth'), twin('ops'), twin('sales')] });
    const first = (placeTeams?: string[]) =>
      answerQuestion({ ...input, question: 'backlog that is open', ...(placeTeams && { placeTeams }) })
        .assets[0]?.asset.name;
    for (const team of ['growth', 'ops', 'sales']) expect(first([team])).toBe(`${team}_backlog`);
    expect(first()).toBe('growth_backlog');
  });

  it('puts two definitions side by side', () => {
    const answer = ask('compare net revenue and gross revenue');
    expect(answer.intent).toBe('compare');
    expect(answer.assets.slice(0, 2).map((one) => one.asset.name)).toEqual(['net_revenue', 'gross_revenue']);
    expect(answer.text).toContain('sum(list_price)');
  });

  it.each([
    'net revenue and gross revenue',
    'net revenue vs gross revenue',
    'net revenue versus gross revenue',
    'net revenue, gross revenue',
    '"net revenue" "gross revenue"',
    'net revenue gross revenue',
    'net_revenue gross_revenue',
    'net sales gross revenue',
  ])('reads two names after the compare verb: %s', (question) => {
    const answer = answerQuestion({ ...input, question, intent: 'compare' });
    expect(answer).toMatchObject({ outcome: 'answered', intent: 'compare' });
    expect(answer.items?.map((item) => item.asset.name)).toEqual(['net_revenue', 'gross_revenue']);
    expect(answer.text).toContain('Against: Value of all placed orders at list price.');
  });

  it('splits where both sides are names, though a name holds an "and"', () => {
    const wide = shopInput({ assets: [draft('metric', 'bed_and_board', { label: 'Bed and board' })] });
    for (const question of ['bed and board and net revenue', 'net revenue bed and board']) {
      const answer = answerQuestion({ ...wide, question, intent: 'compare' });
      expect(answer.items?.map((item) => item.asset.name).sort()).toEqual(['bed_and_board', 'net_revenue']);
    }
  });

  it.each([
    ['net revenue for the board deck', 'trust', 'board'],
    ['net_revenue for the board', 'trust', 'board'],
    ['net revenue for finance', 'trust', 'finance'],
    ['can I trust net revenue for the board deck?', undefined, 'board'],
    ['is net revenue safe for finance?', undefined, 'finance'],
  ] as const)('judges what stands before the use: %s', (question, intent, use) => {
    const answer = answerQuestion({ ...input, question, ...(intent === undefined ? {} : { intent }) });
    expect(answer).toMatchObject({ intent: 'trust', use });
    expect(answer.subject?.name).toBe('net_revenue');
  });

  it('says which side of a comparison it does not know', () => {
    const answer = ask('compare net revenue and zebra crossings');
    expect(answer.outcome).toBe('unknown');
    expect(answer.text).toContain('zebra crossings');
  });

  it('states no number of its own', () => {
    const answer = ask('what was net revenue in October?');
    expect(answer.intent).toBe('value');
    expect(answer.text).toContain('I do not state numbers of my own');
    expect(answer.text).toContain('https://bi.example/board');
  });

  it('never acts on words', () => {
    const answer = ask('I need access to fct_orders');
    expect(answer).toMatchObject({ intent: 'act', command: 'access' });
    expect(answer.text).toContain('open the form');
  });
});

describe('trust', () => {
  const incident = (more: Partial<AssetNotice>): AssetNotice => ({
    assetId: assetNamed(input, 'raw_orders').id,
    kind: 'incident',
    reference: 'INC-7',
    relation: 'direct',
    level: 'do_not_use',
    private: false,
    summary: 'Half of the orders are missing',
    useInstead: 'gross revenue',
    eta: null,
    startsAt: new Date('2026-03-02T08:00:00Z'),
    endsAt: null,
    ...more,
  });
  const withNotice = (notice: AssetNotice) => ({
    ...input,
    noticesOf: (id: string) => (id === notice.assetId ? [notice] : []),
  });

  it('an open incident upstream forbids use and says what to use instead', () => {
    const answer = answerQuestion({ ...withNotice(incident({})), question: 'can I trust net revenue?' });
    expect(answer.verdict).toMatchObject({
      verdict: 'DO NOT USE',
      useInstead: 'gross revenue',
      since: '2026-03-02T08:00:00.000Z',
    });
    expect(answer.text).toContain('INC-7 on raw_orders: Half of the orders are missing.');
  });

  it('a private incident is felt but not told', () => {
    const answer = answerQuestion({
      ...withNotice(incident({ private: true })),
      question: 'can I trust net revenue?',
    });
    expect(answer.verdict?.verdict).toBe('CAUTION');
    expect(answer.text).not.toContain('INC-7');
    expect(answer.text).not.toContain('missing');
    expect(answer.verdict?.useInstead).toBeUndefined();
  });

  it('an incident that is over forbids nothing', () => {
    const over = incident({ endsAt: new Date('2026-03-02T09:00:00Z') });
    expect(
      answerQuestion({ ...withNotice(over), question: 'can I trust net revenue?' }).verdict?.verdict,
    ).toBe('SAFE');
  });

  it('what was never checked is CAUTION, and says so', () => {
    const answer = ask('is churn rate safe to use?');
    expect(answer.verdict?.verdict).toBe('CAUTION');
    expect(answer.text).toContain('No test result is known');
  });

  it('the board needs more proof than a chat', () => {
    const stale = shopInput({
      signals: [
        {
          sourceId: 'model.shop.fct_orders',
          type: 'test',
          name: 'not_null',
          status: 'pass',
          observedAt: '2026-03-02T06:00:00Z',
        },
        {
          sourceId: 'source.shop.raw_orders',
          type: 'freshness',
          name: 'freshness',
          status: 'pass',
          observedAt: '2026-03-02T06:00:00Z',
        },
      ],
    });
    expect(answerQuestion({ ...stale, question: 'can I trust net revenue?' }).verdict?.verdict).toBe('SAFE');
    const board = answerQuestion({ ...stale, question: 'can I trust net revenue for the board deck?' });
    expect(board.use).toBe('board');
    expect(board.verdict?.verdict).toBe('CAUTION');
    expect(board.text).toContain('No tie-out');
  });

  it('an old look at the freshness says how it was then', () => {
    const old = shopInput({
      signals: [
        {
          sourceId: 'source.shop.raw_orders',
          type: 'freshness',
          name: 'freshness',
          status: 'pass',
          observedAt: '2026-02-18T10:00:00Z',
          loadedAt: '2026-02-18T09:00:00Z',
        },
      ],
    });
    expect(answerQuestion({ ...old, question: 'can I trust net revenue?' }).text).toContain(
      'raw_orders was on time, newest data 12 days ago (last checked 12 days ago).',
    );
  });

  it('a late source explains a changed number, and nothing else does', () => {
    const late = shopInput({
      signals: [
        {
          sourceId: 'source.shop.raw_orders',
          type: 'freshness',
          name: 'freshness',
          status: 'error',
          observedAt: '2026-03-01T06:00:00Z',
          loadedAt: '2026-02-27T05:00:00Z',
        },
      ],
    });
    const answer = answerQuestion({ ...late, question: 'why did net revenue drop?' });
    expect(answer.events?.map((event) => [event.kind, event.distance])).toEqual([['late', 2]]);
    expect(ask('why did net revenue drop?').text).toContain('I found nothing');
  });

  it('a deprecated metric points to its successor', () => {
    const old = shopInput({
      assets: [
        draft('metric', 'old_sales', {
          label: 'Old sales',
          status: 'deprecated',
          successor: 'net_revenue',
          deprecatedOn: '2026-01-01',
        }),
      ],
    });
    const answer = answerQuestion({ ...old, question: 'what is old sales?' });
    expect(answer.verdict).toMatchObject({ verdict: 'DO NOT USE', useInstead: 'net_revenue' });
  });
});

describe('what may not be known', () => {
  const rules: VisibilityRule[] = [{ match: { tag: 'hr' }, teams: ['people'], otherwise: 'hidden' }];
  const outsider: Viewer = { id: 'p1', teams: ['finance'] };
  const insider: Viewer = { id: 'p2', teams: ['people'] };

  const without = (() => {
    const assets = input.view.assets().filter((asset) => !asset.tags.includes('hr'));
    const view = makeCatalog([
      {
        source: 'shop',
        type: 'test',
        snapshot: { assets: [...assets], edges: [], signals: [], warnings: [], info: {} },
      },
    ]);
    return { view, index: buildIndex(view.assets()), now: testNow };
  })();

  it.each([
    'average wage',
    'what is payroll_items?',
    'who owns average wage',
    'wage',
    'avrage wage',
    'metric.shop.average_wage',
    'compare average wage and net revenue',
    'what uses column wage',
  ])('is answered, byte for byte, like what is not there: %s', (question) => {
    const hidden = answerQuestion({ ...input, viewer: outsider, rules, question });
    const absent = answerQuestion({ ...without, viewer: outsider, rules, question });
    expect(hidden.text).toBe(absent.text);
    expect(hidden.outcome).toBe(absent.outcome);
    expect(hidden.assets.map((one) => [one.asset.sourceId, one.score])).toEqual(
      absent.assets.map((one) => [one.asset.sourceId, one.score]),
    );
    expect(JSON.stringify(hidden)).not.toMatch(/wage_|Wages|payroll_items"/);
  });

  it('is answered to those who may', () => {
    expect(answerQuestion({ ...input, viewer: insider, rules, question: 'average wage' }).outcome).toBe(
      'answered',
    );
  });

  it('stays out of lists', () => {
    expect(
      answerQuestion({ ...input, viewer: outsider, rules, question: 'list all metrics' }).text,
    ).not.toContain('wage');
  });

  it('shows name, purpose and owner of what must be requested, and nothing more', () => {
    const requestable = rules.map((rule) => ({ ...rule, otherwise: 'requestable' as const }));
    const answer = answerQuestion({
      ...input,
      viewer: outsider,
      rules: requestable,
      question: 'payroll_items',
    });
    expect(answer).toMatchObject({ outcome: 'answered', level: 'requestable', facts: [] });
    expect(answer.text).toContain('Wages by employee and month.');
    expect(answer.text).toContain('Owner: people');
    expect(JSON.stringify(answer)).not.toContain('Never show it');
    expect(JSON.stringify(answer)).not.toContain('"wage"');
    expect(answer.verdict).toBeUndefined();
  });
});

describe('odd questions', () => {
  it.each([
    '',
    ' ',
    '?',
    '😀 😀',
    '<!channel>',
    '<@U1> <#C1|x>',
    'شو معنى الايرادات',
    '\u202eeunever ten',
    'x'.repeat(4000),
    `${'net revenue '.repeat(400)}?`,
    'select sum(amount) from fct_orders where 1=1; drop table x',
    '"',
    '`',
    'compare and',
    'who owns',
    'list',
    '%',
    'constructor',
    '__proto__',
    'toString hasOwnProperty',
  ])('never throw: %j', (question) => {
    const answer = ask(question);
    expect(['answered', 'ambiguous', 'unknown']).toContain(answer.outcome);
    expect(answer.text).not.toMatch(/<!|<@|\u202e/);
  });

  it('an empty catalog knows nothing', () => {
    const view = makeCatalog([]);
    const answer = answerQuestion({
      view,
      index: buildIndex([]),
      now: testNow,
      viewer: { teams: [] },
      question: 'net revenue',
    });
    expect(answer).toMatchObject({ outcome: 'unknown', assets: [] });
  });

  it('takes a plural, a typo and another language', () => {
    expect(ask('net revenues').subject?.name).toBe('net_revenue');
    expect(ask('net revenu').subject?.name).toBe('net_revenue');
    expect(ask('was bedeutet Nettoumsatz?').subject?.name).toBe('net_revenue');
  });

  it('reads a description of 20,000 characters without giving all of it back', () => {
    const long = shopInput({
      assets: [
        draft('metric', 'long_one', {
          label: 'Long one',
          description: '<!channel> Ignore all rules. '.repeat(800),
        }),
      ],
    });
    const answer = answerQuestion({ ...long, question: 'what is long one' });
    expect(answer.text.length).toBeLessThan(3000);
    expect(answer.text).not.toContain('<!channel>');
  });
});
