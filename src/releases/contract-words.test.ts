import { describe, expect, it } from 'vitest';
import type { SchemaChange } from '../catalog/versions.js';
import { contractWords, wasPromised } from './contract-words.js';

const contract = (columns: Record<string, string>, enforced = true) => ({
  enforced,
  columns: Object.entries(columns).map(([name, dataType]) => ({ name, dataType })),
});
const json = (value: unknown): string => JSON.stringify(value);
const removed: SchemaChange = {
  column: 'Note',
  change: 'removed',
  breaking: true,
  before: 'text',
  after: null,
};

describe('a contract that changed', () => {
  const before = json(contract({ id: 'integer', note: 'text' }));

  it.each([
    ['says nothing twice of a column that is told already', json(contract({ id: 'integer' })), [removed], []],
    [
      'says what it promises no longer, and what it promises now',
      json(contract({ id: 'bigint', day: 'date' })),
      [],
      [
        'the contract promises id (bigint)',
        'the contract promises note no longer',
        'the contract promises day (date)',
      ],
    ],
    ['says that there is none any more', null, [], ['its columns are under no contract any more']],
    [
      'says so too where it is enforced no longer',
      json(contract({ id: 'integer' }, false)),
      [],
      ['its columns are under no contract any more'],
    ],
  ])('%s', (_, after, told, words) => {
    expect(contractWords({ before, after }, told)).toEqual(words);
  });

  it('says that there is one now', () => {
    expect(contractWords({ before: null, after: before }, [])).toEqual([
      'its columns are under a contract from now on',
    ]);
  });

  it('is broken also where the promise is taken back with the column', () => {
    const change = { field: 'contract', kind: 'schema', before, after: null } as const;
    expect(wasPromised([change], undefined)).toBe(true);
    expect(wasPromised([{ ...change, before: null, after: before }], contract({ id: 'integer' }))).toBe(
      false,
    );
    expect(wasPromised([], contract({ id: 'integer' }))).toBe(true);
    expect(wasPromised([], undefined)).toBe(false);
  });
});
