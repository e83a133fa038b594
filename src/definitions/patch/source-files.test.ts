import { expect, it } from 'vitest';
import type { Asset } from '../../catalog/asset.js';
import { newAsset } from '../../catalog/new-asset.js';
import type { DefinitionRow } from '../record.js';
import { findAndEdit, type SourceFiles } from './source-files.js';

const mrr: Asset = {
  ...newAsset({ sourceId: 'metric.acme.mrr', kind: 'metric', name: 'mrr' }, {}),
  id: 'a',
  source: 'acme',
  provenance: { '*': { file: 'models/finance.yml' } },
};
const change = { kind: 'change', proposed: { description: 'Fees.' }, successor: null, last_day: null };
const found = (text: string | null) => {
  const files: SourceFiles = { list: async () => [], read: async () => text };
  return findAndEdit(files, mrr, change as DefinitionRow);
};

it('says why a change has no place: the file is gone, has it already, or cannot be edited', async () => {
  expect(await found('metrics:\n  - name: mrr\n    description: Old.\n')).toMatchObject({
    path: 'models/finance.yml',
  });
  expect(await found(null)).toBe('no-file');
  expect(await found('metrics:\n  - name: mrr\n    description: Fees.\n')).toBe('says-it');
  expect(await found('metrics:\n  - name: other\n    description: Old.\n')).toBe('no-place');
});
