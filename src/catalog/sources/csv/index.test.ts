import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { tempFiles } from '../../../../test/helpers/temp-files.js';
import { sourceContext } from '../../test-kit/source-context.js';
import { csvGlossary } from './index.js';

const fixture = path.join(path.dirname(fileURLToPath(import.meta.url)), 'fixtures/glossary.csv');

describe('a glossary in CSV', () => {
  it('gives terms and metrics with everything their headings say [source csv: real]', async () => {
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

  it('[M-glossary] takes a list headed "metric" for one of metrics, and bars between other names', async () => {
    const file = await tempFiles({
      'kpis.csv': 'KPI,Definition,Synonyms,Owner\nGMV,All sales.,gross sales | turnover,Sales\n',
    });
    const { assets } = await csvGlossary.read({ path: file }, sourceContext());
    expect(assets).toMatchObject([
      { kind: 'metric', name: 'GMV', synonyms: ['gross sales', 'turnover'], owners: [{ name: 'Sales' }] },
    ]);
  });

  it('reads what a spreadsheet saves in UTF-16 and in Windows-1252', async () => {
    const folder = await tempFiles({ 'a.csv': '' });
    const text = 'name,definition\nMarge,Gewinn für Händler\n';
    await writeFile(path.join(folder, 'a.csv'), Buffer.from(`\uFEFF${text}`, 'utf16le'));
    await writeFile(path.join(folder, 'b.csv'), Buffer.from(text.replace('Marge', 'Umsatz'), 'latin1'));
    const { assets } = await csvGlossary.read({ path: folder }, sourceContext());
    expect(assets.map(({ name, description }) => [name, description])).toEqual([
      ['Marge', 'Gewinn für Händler'],
      ['Umsatz', 'Gewinn für Händler'],
    ]);
  });

  it.each([
    ['a mark of UTF-8', '\uFEFFname;definition\nMarge;Gewinn, netto\n', 2],
    ['bars', 'name|definition\nMarge|Gewinn, netto\n', 2],
    ["Excel's line for the separator", 'sep=;\r\nname;definition\r\nMarge;Gewinn, netto\r\n', 3],
    ['a separator that only that line names', 'sep=:\nname:definition\nMarge:Gewinn, netto\n', 3],
    ['an empty line above the heading', '\nname;definition\nMarge;Gewinn, netto\n', 3],
    ['old line ends', 'name;definition\rMarge;Gewinn, netto\r', 2],
  ])('reads a file with %s', async (_, text, line) => {
    const { assets } = await csvGlossary.read({ path: await tempFiles({ 'g.csv': text }) }, sourceContext());
    expect(assets).toMatchObject([
      { name: 'Marge', description: 'Gewinn, netto', provenance: { '*': { file: 'g.csv', line } } },
    ]);
  });

  it('reads UTF-16 with the other end first', async () => {
    const folder = await tempFiles({ 'a.csv': '' });
    const bytes = Buffer.from('\uFEFFname,definition\nMarge,Größe\n', 'utf16le').swap16();
    await writeFile(path.join(folder, 'a.csv'), bytes);
    const { assets } = await csvGlossary.read({ path: folder }, sourceContext());
    expect(assets).toMatchObject([{ name: 'Marge', description: 'Größe' }]);
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
