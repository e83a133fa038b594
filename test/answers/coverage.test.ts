import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { describeWithShared, sharedPath } from '../helpers/shared.js';

const { rows } = z
  .object({ rows: z.array(z.object({ part: z.string(), row: z.string() })) })
  .parse(parse(readFileSync('docs/coverage/metrics.yml', 'utf8')));

describeWithShared('facts/metrics.md', 'coverage of the facts about metric questions', () => {
  it('lists every row of the page, and none that is not there', () => {
    const known = rows.map(({ part, row }) => `${part} ${nameOf(row)}`).sort();
    const wanted = readFacts()
      .map(({ part, name }) => `${part} ${name}`)
      .sort();
    expect(wanted.length).toBeGreaterThan(70);
    expect(known).toEqual(wanted);
  });
});

/** What stands before the colon is the name of the row; the words after it are ours. */
function nameOf(row: string): string {
  return row.split(': ')[0] ?? row;
}

function readFacts(): { part: string; name: string }[] {
  const page = readFileSync(sharedPath('facts/metrics.md'), 'utf8');
  const firstCells = (from: string, to: string): string[] =>
    page
      .slice(page.indexOf(from), page.indexOf(to))
      .split('\n')
      .filter((line) => line.startsWith('|') && !line.startsWith('|---'))
      .slice(1)
      .map((line) => line.split(/(?<!\\)\|/)[1]?.trim() ?? '');
  const parts: [string, string, string][] = [
    ['1a', '### 1a.', '### 1b.'],
    ['1b', '### 1b.', '## 2.'],
    ['2c', '### 2c.', '### 2d.'],
    ['6', '## 6.', '## 8.'],
  ];
  return parts.flatMap(([part, from, to]) => firstCells(from, to).map((name) => ({ part, name })));
}
