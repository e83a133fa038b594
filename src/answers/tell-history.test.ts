import { describe, expect, it } from 'vitest';
import type { Asset } from '../catalog/asset.js';
import { answerQuestion } from './answer.js';
import type { AssetVersion } from './history.js';
import { assetNamed, shopInput, testNow } from './test-catalog.js';

const base = shopInput();
const subject = assetNamed(base, 'net_revenue');
const then: Asset = { ...subject, description: 'Money from all orders before refunds.' };
const version = (validFrom: string, rest: Partial<AssetVersion>): AssetVersion => ({
  assetId: subject.id,
  validFrom: new Date(validFrom),
  change: 'meaning',
  asset: subject,
  ...rest,
});
const versions: AssetVersion[] = [
  version('2026-02-10T08:00:00Z', {
    approvedBy: 'Ana and Ben',
    decision: 'DEF-4',
    announcedAt: new Date('2026-02-11T08:00:00Z'),
  }),
  version('2025-12-01T08:00:00Z', { change: 'created', asset: then }),
];
const input = { ...base, versionsOf: (id: string) => (id === subject.id ? versions : []) };
const ask = (question: string, intent?: 'history' | 'why-changed') =>
  answerQuestion({ ...input, now: testNow, question, ...(intent ? { intent } : {}) });

describe('the history of a definition', () => {
  it('says what changed by words, who agreed, by which change and when it was announced', () => {
    expect(ask('history of net revenue').text).toContain(
      '2026-02-10: The description changed: removed "all", "before refunds."; added "delivered", "after refunds and tax.". Approved by Ana and Ben (DEF-4), announced 2026-02-11. 2025-12-01: First seen.',
    );
  });

  it('says which columns came, went and became of another type, and who answers for it now', () => {
    const column = (name: string, dataType: string) => ({
      name,
      dataType,
      description: '',
      tags: [],
      classification: [],
      meta: {},
    });
    const old = { ...subject, columns: [column('id', 'integer'), column('fee', 'numeric(10,2)')] };
    const now = { ...subject, owners: [{ team: 'billing' }], columns: [column('fee', 'numeric(8,2)')] };
    const changed = [
      version('2026-02-10T08:00:00Z', { change: 'schema-breaking', asset: now }),
      version('2025-12-01T08:00:00Z', { change: 'created', asset: old }),
    ];
    const question = 'history of net revenue';
    expect(answerQuestion({ ...base, now: testNow, versionsOf: () => changed, question }).text).toMatch(
      /Columns removed: id\. Column types changed: fee from numeric\(10,2\) to numeric\(8,2\)\. Its owner went from .+ to billing\./,
    );
  });

  it('counts the versions that it does not tell, in a history and in what changed since a day', () => {
    const many = Array.from({ length: 7 }, (_, i) =>
      version(`2026-01-0${8 - i}T08:00:00Z`, { summary: `v${8 - i}.` }),
    );
    const asked = (question: string) =>
      answerQuestion({ ...base, now: testNow, versionsOf: () => many, question }).text;
    expect(asked('history of net revenue')).toMatch(
      /has 7 versions\. 2026-01-08: v8\..* 2026-01-04: v4\. 2 earlier ones not shown\.$/,
    );
    expect(asked('net revenue as of 2026-01-03')).toMatch(
      /Since then: 2026-01-04: v4\..* 2026-01-08: v8\. 1 earlier one not shown\.$/,
    );
  });

  it.each(['net revenue as of 2026-01-15', 'what was net revenue as of January 2026?'])(
    '"%s" says what it was then and what changed since, though the name alone is a key of the catalog',
    (question) => {
      const answer = ask(question);
      expect(answer).toMatchObject({ intent: 'history', outcome: 'answered' });
      expect(answer.text).toMatch(/^On 2026-01-\d\d: Net revenue .*Money from all orders before refunds\./);
      expect(answer.text).toContain('Since then: 2026-02-10: The description changed');
    },
  );

  it.each([
    ['31 January 2026', '2026-01-31'],
    ['31.01.2026', '2026-01-31'],
    ['31/01/2026', '2026-01-31'],
    ['01/31/2026', '2026-01-31'],
    ['two weeks ago', '2026-02-16'],
    ['December 31', '2025-12-31'],
  ])('reads %s as that very day', (words, day) => {
    expect(ask(`net revenue as of ${words}`).text).toMatch(new RegExp(`^On ${day}:`));
  });

  it.each(['gibberish', '2026-02-31', '31 February 2026', '03/04/2026', 'the big migration'])(
    'says so where "%s" is no day, or one of two',
    (words) => {
      expect(ask(`net revenue as of ${words}`).text).toBe(
        `I cannot tell which day "${words}" is. Write it as 2026-03-31, or in words such as "last Monday".`,
      );
    },
  );

  it('says that nothing is known from before the first read', () => {
    expect(ask('net revenue as of 2025-11-01').text).toContain(
      'The catalog has no definition of Net revenue (metric net_revenue) from 2025-11-01 or before.',
    );
  });

  it('keeps the window that a verb was given: since when, and about what', () => {
    expect(
      ask('net revenue since 2026-02-01', 'why-changed').events?.map((event) => event.reference),
    ).toEqual(['DEF-4']);
    expect(ask('net revenue since 2026-02-20', 'why-changed').text).toContain('since 2026-02-20');
  });
});
