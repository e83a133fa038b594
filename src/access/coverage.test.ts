import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { describeWithShared, sharedPath } from '../../test/helpers/shared.js';
import { provisionerTypes } from './provisioners/registry.js';

const rowSchema = z
  .strictObject({
    section: z.string(),
    row: z.string(),
    mark: z.enum(['C', 'R', 'N']).optional(),
    tests: z.array(z.string()).min(1).optional(),
    no: z.string().startsWith('because').optional(),
  })
  .refine((row) => (row.tests === undefined) !== (row.no === undefined), 'say tests or no, and not both');

const rows = z.array(rowSchema).parse(parse(readFileSync('docs/coverage/access.yml', 'utf8')));

/** Tags of every test of the project: `[A-…]` in its name. */
function tagsInTests(): Set<string> {
  const tags = new Set<string>();
  for (const root of ['src', 'commands', 'handlers', 'test', 'demo', 'playground']) {
    for (const entry of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
      if (!entry.endsWith('.test.ts') || entry.includes('node_modules')) continue;
      const text = readFileSync(path.join(root, entry), 'utf8');
      for (const match of text.matchAll(/\[(A-[a-z-]+)\]/g)) tags.add(match[1] ?? '');
    }
  }
  return tags;
}

describe('docs/coverage/access.yml', () => {
  it('names only tests that are there', () => {
    const known = tagsInTests();
    const missing = rows.flatMap((row) =>
      (row.tests ?? []).filter((tag) => !known.has(tag)).map((tag) => `${row.row}: ${tag}`),
    );
    expect(missing).toEqual([]);
  });
});

describe('docs/provisioners.md', () => {
  it('says of every kind what is granted', () => {
    const page = readFileSync('docs/provisioners.md', 'utf8');
    for (const type of provisionerTypes) {
      expect(page, type).toContain(`\n| \`${type}\` | `);
    }
  });
});

describeWithShared('facts', 'the list of what access systems have', () => {
  it('has no row that docs/coverage/access.yml leaves out', () => {
    const text = readFileSync(sharedPath('facts', 'access-backfill.md'), 'utf8');
    const part = text.slice(text.indexOf('## A1.'), text.indexOf('# B. PROVISIONING'));
    const listed = new Set(rows.map((row) => row.row));
    const titles = part
      .split('\n')
      .filter((line) => line.startsWith('|') && !line.startsWith('|---'))
      .map((line) => (line.split('|')[1] ?? '').trim())
      .filter((title) => !['field', 'capability', 'platform'].includes(title));
    expect(titles.length).toBeGreaterThan(60);
    expect(titles.filter((title) => !listed.has(title))).toEqual([]);
  });
});
