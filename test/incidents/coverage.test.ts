import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { describeWithShared, sharedPath } from '../helpers/shared.js';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const coverage = z
  .object({
    rows: z.array(
      z.object({
        part: z.enum(['F', 'D', 'A', 'P']),
        row: z.string(),
        test: z.string().optional(),
        no: z.string().optional(),
      }),
    ),
  })
  .parse(parse(readFileSync(path.join(root, 'docs/coverage/incidents.yml'), 'utf8')));

describe('coverage of incidents', () => {
  test('every entry names a test that is there, or says why not', () => {
    for (const { row, test: tag, no } of coverage.rows) {
      expect((tag === undefined) !== (no === undefined), row).toBe(true);
      if (no !== undefined) expect(no.startsWith('because'), row).toBe(true);
      if (tag === undefined) continue;
      const [file = '', title = ''] = tag.split('#');
      const source = readFileSync(path.join(root, file), 'utf8').replaceAll("\\'", "'");
      expect(title, row).not.toBe('');
      expect(source.includes(title), `${row}: ${tag}`).toBe(true);
    }
  });

  test('prints the pitfalls covered', () => {
    const pitfalls = coverage.rows.filter(({ part }) => part === 'P');
    const covered = pitfalls.filter(({ test: tag }) => tag !== undefined).map(({ row }) => row);
    console.log(
      `incident pitfalls covered: ${covered.length} of ${pitfalls.length} (${covered.join(', ')}); elsewhere: ${pitfalls
        .filter(({ no }) => no !== undefined)
        .map(({ row }) => row)
        .join(', ')}`,
    );
    expect(pitfalls.map(({ row }) => Number(row))).toEqual(
      Array.from({ length: 34 }, (_, index) => index + 1),
    );
  });
});

describeWithShared('facts/incidents.md', 'rows of the field', () => {
  const facts = (): string => readFileSync(sharedPath('facts/incidents.md'), 'utf8');
  const cells = (from: string, to: string, column: number): string[] => {
    const text = facts();
    return text
      .slice(text.indexOf(from), text.indexOf(to))
      .split('\n')
      .filter((line) => line.startsWith('|') && !line.startsWith('|---'))
      .slice(1)
      .map((line) => line.slice(1).split('|')[column]?.trim() ?? '');
  };

  test('each has an entry', () => {
    const parts = {
      F: cells('### 1.2', '## 2. What', 0),
      D: cells('## 2. What', '## 3. Inbound', 0),
      A: cells('## 4. Asked', 'Next in line', 1),
    };
    for (const [part, rows] of Object.entries(parts)) {
      expect(rows.length, part).toBeGreaterThan(5);
      for (const row of rows)
        expect(
          coverage.rows.some((entry) => entry.part === part && row.startsWith(entry.row)),
          `${part}: ${row}`,
        ).toBe(true);
    }
  });
});
