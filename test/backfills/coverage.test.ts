import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { describeWithShared, sharedPath } from '../helpers/shared.js';

const entry = z.union([
  z.strictObject({
    part: z.enum(['C1', 'C2', 'D2']),
    row: z.string().min(8),
    test: z.string().regex(/^[^#]+#.+$/),
  }),
  z.strictObject({
    part: z.enum(['C1', 'C2', 'D2']),
    row: z.string().min(8),
    no: z.string().startsWith('because '),
  }),
]);
const { rows } = z
  .strictObject({ rows: z.array(entry) })
  .parse(parse(readFileSync('docs/coverage/backfills.yml', 'utf8')));

it('every test that the coverage of backfills names is there', () => {
  let named = 0;
  for (const row of rows) {
    if (!('test' in row)) continue;
    const [file = '', title = ''] = row.test.split('#');
    const full = path.join('test/backfills', file);
    expect(existsSync(full), row.test).toBe(true);
    expect(readFileSync(full, 'utf8').includes(title), `${row.row}: no test “${title}” in ${full}`).toBe(
      true,
    );
    named += 1;
  }
  console.log(
    `${rows.length} rows of what backfills elsewhere do or got wrong: ${named} shown by a test, ${rows.length - named} with a written reason`,
  );
});

describeWithShared('facts/access-backfill.md', 'coverage of the facts about backfills', () => {
  it('lists every row, and none that is not there', () => {
    const facts = readFacts();
    expect(facts.length).toBeGreaterThan(50);
    const unlisted = facts.filter(
      (fact) => !rows.some((row) => row.part === fact.part && plain(fact.text).startsWith(plain(row.row))),
    );
    expect(unlisted).toEqual([]);
    const invented = rows.filter(
      (row) => !facts.some((fact) => row.part === fact.part && plain(fact.text).startsWith(plain(row.row))),
    );
    expect(invented).toEqual([]);
  });
});

function readFacts(): { part: 'C1' | 'C2' | 'D2'; text: string }[] {
  const page = readFileSync(sharedPath('facts/access-backfill.md'), 'utf8');
  const between = (from: string, to: string): string[] =>
    page.slice(page.indexOf(from), page.indexOf(to)).split('\n');
  const cells = (lines: string[]): string[] =>
    lines
      .filter((line) => line.startsWith('|') && !line.startsWith('|---'))
      .slice(1)
      .map((line) => line.split('|')[1]?.trim() ?? '');
  const points = between('## C1.', '## C2.').filter((line) => line.startsWith('- ') || line.startsWith('**'));
  return [
    ...points.map((line) => ({ part: 'C1' as const, text: line.replace(/^- /, '') })),
    ...cells(between('## C2.', '# D. ')).map((text) => ({ part: 'C2' as const, text })),
    ...cells(between('## D2.', '## D3.')).map((text) => ({ part: 'D2' as const, text })),
  ];
}

function plain(text: string): string {
  return text.replace(/[`*]/g, '').replace(/\s+/g, ' ').trim();
}
