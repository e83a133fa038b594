import { describe, expect, it } from 'vitest';
import { answerQuestion } from './answer.js';
import { questionsIn } from './questions-in.js';
import { misspelled } from './slips.js';
import { assetNamed, draft, shopInput } from './test-catalog.js';

const input = shopInput({
  assets: [
    draft('metric', 'bed_and_breakfast', { label: 'Bed and breakfast', description: 'Nights with a meal.' }),
    draft('metric', 'retention_d7', { label: 'Retention d7', description: 'Back after a week.' }),
  ],
});
const ask = (question: string) => answerQuestion({ ...input, question });
const offered = (question: string) => ask(question).offers.map(({ asset }) => asset.name);

describe('a question that names several things', () => {
  it.each([
    'net revenue and churn rate',
    'what are net revenue and churn rate?',
    'net sales, churn rate',
    'was sind net revenue und churn rate?',
    'who owns net revenue and churn rate?',
  ])('is asked which one first, and about no third: %s', (question) => {
    const answer = ask(question);
    expect(answer).toMatchObject({ outcome: 'ambiguous', offeredAs: 'several' });
    expect(offered(question)).toEqual(['net_revenue', 'churn_rate']);
    expect(answer.text).toContain('You name several things. Which one first? 1) Net revenue');
  });

  it('is about one thing where the "and" is part of its name, or only one name is known', () => {
    expect(ask('bed and breakfast').subject?.name).toBe('bed_and_breakfast');
    expect(ask('net revenue and net sales').offeredAs).toBeUndefined();
    expect(ask('net revenue and the weather in Mongolia').offeredAs).toBeUndefined();
  });

  it('does not show what somebody may not know of', () => {
    const rules = [{ match: { tag: 'hr' }, teams: ['people'], otherwise: 'hidden' as const }];
    const nobody = { ...input, rules, viewer: { teams: [] } };
    const answer = answerQuestion({ ...nobody, question: 'net revenue and average wage' });
    expect(answer.offeredAs).toBeUndefined();
    expect(JSON.stringify(answer.assets)).not.toContain('average_wage');
    const all = answerQuestion({
      ...nobody,
      viewer: { teams: ['people'] },
      question: 'net revenue and average wage',
    });
    expect(all.offeredAs).toBe('several');
  });
});

describe('two questions in one', () => {
  it.each([
    ['who owns churn rate and why did it go up last week?', 'owner'],
    ['was ist churn rate, und warum ist sie gestiegen?', 'define'],
    ['is churn rate ok and is net revenue ok?', 'trust'],
    ['is churn rate ok, is net revenue ok', 'trust'],
    ['can I trust churn rate? can I trust net revenue?', 'trust'],
    ['what is churn rate? who owns net revenue?', 'define'],
    ['what is churn rate; what is net revenue', 'define'],
    ['define churn rate and define net revenue', 'define'],
    ['churn rate? net revenue?', 'define'],
    ['why did churn rate rise and why did net revenue drop?', 'why-changed'],
    ['who owns churn rate & who owns net revenue', 'owner'],
    ['ist churn rate verlässlich und ist net revenue verlässlich?', 'trust'],
    ['kann ich churn rate vertrauen? kann ich net revenue vertrauen?', 'trust'],
    ['wem gehört churn rate und wem gehört net revenue', 'owner'],
    ['was ist churn rate? wem gehört net revenue?', 'define'],
    ['what is churn rate and what about net revenue, and who owns it?', 'define'],
  ])('the first is answered, and the answer says so: %s', (question, intent) => {
    const answer = ask(question);
    expect(answer).toMatchObject({ outcome: 'answered', intent, firstOnly: true, question });
    expect(answer.subject?.name).toBe('churn_rate');
    expect(answer.text).toContain('You asked more than one thing; this is about the first.');
  });

  it('the first is answered as strictly as the second asks', () => {
    const answer = ask('can I trust net revenue and can I trust churn rate for the board?');
    expect(answer).toMatchObject({ subject: { name: 'net_revenue' }, use: 'board', firstOnly: true });
  });

  it('a first that nobody knows is said to be unknown, though the second is known', () => {
    const answer = ask('what is frobnication? who owns net revenue?');
    expect(answer).toMatchObject({ outcome: 'unknown', firstOnly: true });
  });

  it('a list is told apart from the next one', () => {
    const answer = ask('which metrics have no owner and which tables have no tests?');
    expect(answer).toMatchObject({ intent: 'list', firstOnly: true });
    expect(answer.items?.map(({ asset }) => asset.name)).toContain('churn_rate');
  });

  it.each([
    'what is net revenue and who owns it?',
    'what is net revenue? Is it ok?',
    'was ist net revenue und wem gehört net revenue?',
  ])('nothing is left over where the card of the first says the second too: %s', (question) => {
    const answer = ask(question);
    expect(answer).toMatchObject({ outcome: 'answered', intent: 'define' });
    expect(answer.subject?.name).toBe('net_revenue');
    expect(answer.firstOnly).toBeUndefined();
    expect(answer.text).toContain('SAFE');
    expect(answer.text).toContain('Owner: finance.');
  });

  it.each([
    ['Hi! What is net revenue? Thanks!', 'general'],
    ['What is net revenue? I need it for the board deck.', 'board'],
    ['I saw a number that looked odd. What is net revenue? Thank you.', 'general'],
  ])('what only stands around a question is none, and says what it is for: %s', (question, use) => {
    const answer = ask(question);
    expect(answer).toMatchObject({ outcome: 'answered', subject: { name: 'net_revenue' }, use });
    expect(answer.firstOnly).toBeUndefined();
  });

  it.each([
    'the number of people who signed up and are still active',
    'how do we count orders that came and were delivered',
    'what is net revenue, which we get after refunds?',
    'what is net revenue incl. tax and excl. gifts',
  ])('one question with an "and" or a "which" in it stays one: %s', (question) => {
    expect(ask(question).firstOnly).toBeUndefined();
  });

  it('a long text is one, and its pieces are not looked up one by one', () => {
    const lookedUp: string[] = [];
    const isName = (words: string) => lookedUp.push(words) > 0;
    expect(questionsIn('is it late and '.repeat(100), isName)).toEqual([]);
    expect(questionsIn('It is late. '.repeat(100), isName)).toEqual([]);
    expect(lookedUp).toEqual([]);
  });
});

it('is not led astray by the words of the second question, nor cuts a name that holds such words', () => {
  const rate = draft('metric', 'changed_churn_rate', {
    label: 'Changed churn rate',
    description: 'Why churn did change.',
  });
  const odd = draft('metric', 'what_we_sell_and_how_often', {
    label: 'What we sell and how often',
    description: 'Sales per day.',
  });
  const more = shopInput({ assets: [rate, odd] });
  const about = (question: string) => answerQuestion({ ...more, question });
  expect(about('who owns churn rate and why did it change?').subject?.name).toBe('churn_rate');
  expect(about('what we sell and how often')).toMatchObject({
    outcome: 'answered',
    subject: { name: odd.name },
  });
  expect(about('what we sell and how often').firstOnly).toBeUndefined();
});

it('a question about "the numbers" is answered with no single one of them', () => {
  const counted = shopInput({
    assets: [
      draft('metric', 'order_count', {
        label: 'Order count',
        synonyms: ['number of orders'],
        description: 'Number of orders.',
      }),
    ],
  });
  for (const question of [
    'can I trust the numbers for the board today?',
    'are our numbers ok?',
    'the numbers',
  ])
    expect(answerQuestion({ ...counted, question }).outcome, question).not.toBe('answered');
  expect(answerQuestion({ ...counted, question: 'can I trust the order count?' }).subject?.name).toBe(
    'order_count',
  );
});

describe('a part of what the catalog has as a whole', () => {
  it.each([
    'net revenue excl. the yak trade',
    'what was net revenue without yaks last month?',
    'wie hoch ist net revenue ohne Jaks',
  ])('is offered the whole, and never answered with it: %s', (question) => {
    const answer = ask(question);
    expect(answer).toMatchObject({ outcome: 'ambiguous', offeredAs: 'part' });
    expect(offered(question)).toEqual(['net_revenue']);
    expect(answer.text).toContain('nothing that is only this part. Do you mean Net revenue');
    expect(answer.firstOnly).toBeUndefined();
  });

  it('is nothing where what stands before it is no name', () => {
    expect(ask('the weather in Mongolia').outcome).toBe('unknown');
    expect(ask('yak trade in net revenue').offeredAs).toBeUndefined();
  });
});

describe('a pasted query', () => {
  it.each([
    [
      "SELECT order_status, sum(amount - refunds) FROM shop.marts.fct_orders WHERE x = 'churn rate' GROUP BY 1",
      ['net_revenue', 'fct_orders'],
    ],
    ['select count(*) from marts.fct_orders', ['fct_orders']],
    [
      'with o as (\n  select amount from "other"."fct_orders"\n)\nselect * from o join raw_orders on true;',
      ['fct_orders', 'raw_orders'],
    ],
    ['is this right:\nselect order_id\nfrom fct_orders -- join raw_orders\n', ['fct_orders']],
  ])('is about the metrics that it computes and the tables that it reads: %s', (question, names) => {
    const answer = ask(question);
    expect(answer).toMatchObject({ outcome: 'ambiguous', offeredAs: 'query' });
    expect(offered(question)).toEqual(names);
    expect(answer.text).toContain('That is a query');
  });

  it('shows nobody what they may not know of, and is words like others where it reads nothing that is known', () => {
    const rules = [{ match: { tag: 'hr' }, teams: ['people'], otherwise: 'hidden' as const }];
    const question = 'select avg(wage) from payroll_items';
    expect(offered(question)).toEqual(['payroll_items']);
    const other = answerQuestion({ ...input, rules, viewer: { teams: [] }, question });
    expect(other.offeredAs).toBeUndefined();
    expect(JSON.stringify(other.assets)).not.toContain('payroll_items');
    expect(ask('how do I select orders from fct_orders?').offeredAs).not.toBe('query');
  });
});

describe('what an entry says it is not', () => {
  const cost = draft('metric', 'platform_cost', {
    label: 'Platform cost',
    description: 'Machines and power. Zookeepers and vets are not part of it.',
    caveats: ['Excludes aquariums.'],
  });
  const more = shopInput({ assets: [cost] });
  const about = (question: string) => answerQuestion({ ...more, question });

  it.each(['zookeepers', 'zookeepers and vets', 'aquariums'])('is not answered with it: %s', (question) => {
    expect(about(question).outcome).not.toBe('answered');
  });

  it('takes nothing from it where its name is said too', () => {
    expect(about('platform cost of zookeepers').assets[0]?.asset.name).toBe('platform_cost');
    expect(about('cost of machines and power').subject?.name).toBe('platform_cost');
  });
});

describe('a name with a slip of the pen', () => {
  it.each([
    ['chrun rate', 'churn_rate'],
    ['what is the chur rate?', 'churn_rate'],
    ['gross revenu', 'gross_revenue'],
    ['gros revenue', 'gross_revenue'],
    ['bed and braekfast', 'bed_and_breakfast'],
  ])('is never unknown: %s', (question, name) => {
    const { outcome, assets } = ask(question);
    expect(outcome).not.toBe('unknown');
    expect(assets[0]?.asset.name).toBe(name);
  });

  it('is offered where nothing else was found, and never taken for what was meant', () => {
    const churn = assetNamed(input, 'churn_rate');
    expect(misspelled('whats our cuhrn rate these days', [churn])).toEqual([churn]);
    expect(misspelled('churn rate by moon phase', [churn])).toEqual([]);
    expect(misspelled('the weather in Mongolia', [churn])).toEqual([]);
  });

  it('is none where a digit differs, nor in a short name', () => {
    expect(misspelled('retention d8', [assetNamed(input, 'retention_d7')])).toEqual([]);
    const short = { ...assetNamed(input, 'churn_rate'), name: 'arr', label: 'ARR', synonyms: [] };
    expect(misspelled('mrr', [short])).toEqual([]);
  });
});
