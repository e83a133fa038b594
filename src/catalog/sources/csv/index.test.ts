import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { tempFiles } from '../../../../test/helpers/temp-files.js';
import { sourceContext } from '../../test-kit/source-context.js';
import { csvGlossary } from './index.js';

const fixture = path.join(path.dirname(fileURLToPath(import.meta.url)), 'fixtures/glossary.csv');

describe('a glossary in CSV', () => {
  it('gives terms and metrics with everything their headings say', async () => {
    const { assets } = await csvGlossary.read({ path: fixture }, sourceContext());
    expect(assets[0]).toMatchObject({
      sourceId: 'Net revenue',
      kind: 'metric',
      description: 'What customers paid; after refunds\nand without tax.',
      synonyms: ['turnover', 'net sales'],
      owners: [{ email: 'finance@shop.example' }],
      tier: 1,
      domain: 'finance',
      formula: { type: 'expression', expression: 'gross_revenue - refunds' },
      caveats: ['Excludes gift cards.'],
    });
    expect(assets.map((asset) => [asset.sourceId, asset.kind])).toEqual([
      ['Net revenue', 'metric'],
      ['Active customer', 'term'],
      ['Net revenue#2', 'term'],
    ]);
  });

  it('names the lines it left out or found twice', async () => {
    const { warnings } = await csvGlossary.read({ path: fixture }, sourceContext());
    expect(warnings).toEqual([
      expect.stringMatching(/glossary\.csv, line 5: the line has no name/),
      expect.stringMatching(/line 6: the line is of an unknown kind "mystery"/),
      expect.stringMatching(/line 7: Net revenue is there already; both are kept/),
    ]);
  });

  it('refuses a file with an open quote, and a folder without files', async () => {
    const open = await tempFiles({ 'g.csv': 'name,definition\na,"open\n' });
    await expect(csvGlossary.read({ path: open }, sourceContext())).rejects.toThrow(
      /g\.csv cannot be read as CSV/,
    );
    await expect(
      csvGlossary.read({ path: await tempFiles({ 'a.txt': '' }) }, sourceContext()),
    ).rejects.toThrow('holds no CSV file');
  });
});
