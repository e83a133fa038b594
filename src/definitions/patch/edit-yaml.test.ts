import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { editFile } from './make-patch.js';
import { unifiedDiff } from './unified-diff.js';

const file = `# Finance metrics. Keep sorted.
version: 2
metrics:
  - name: arr # annual
    description: MRR times twelve.
  - name: mrr
    label: MRR
    description: >-
      Recurring platform fees
      of the month.
    type: simple
    config:
      meta:
        synonyms: [MRR, subscription revenue] # people say this
        owner: priya@acme.example
        caveats:
          - Annual contracts count a twelfth.
  # churn is next
  - name: mrr_per_customer
    description: MRR by customers.
    type: derived
    type_params: { expr: mrr / 2, metrics: [{ name: mrr }] }
  - { name: churn, description: "Lost customers.", meta: { owner: ana@acme.example } }
`;

const change = (proposed: Record<string, unknown>) =>
  ({ kind: 'change', proposed, successor: null, last_day: null }) as Parameters<typeof editFile>[2];

/** Applied by git itself, as whoever gets the patch will. */
function applied(text: string, patch: string | null): string {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'steward-patch-'));
  writeFileSync(path.join(dir, 'finance.yml'), text);
  writeFileSync(path.join(dir, 'change.patch'), patch ?? '');
  execFileSync('git', ['apply', '--whitespace=nowarn', 'change.patch'], { cwd: dir });
  return readFileSync(path.join(dir, 'finance.yml'), 'utf8');
}

const entry = (text: string, name: string): Record<string, unknown> => {
  const { metrics } = parse(text) as { metrics: Record<string, unknown>[] };
  return metrics.find((metric) => metric.name === name) ?? {};
};

describe('the patch of a definition change', () => {
  it('applies with git, changes what was proposed and keeps every comment and other line', () => {
    const patch = editFile(
      { path: 'finance.yml', text: file },
      { kind: 'metric', name: 'mrr' },
      change({
        description:
          'Recurring platform fees of the month: all paying customers, no usage, contracts of a year by the twelfth part.',
        label: 'Monthly recurring revenue',
        synonyms: ['MRR', 'recurring: revenue'],
        caveats: ['Paused customers count as churned.', 'Usage is not in it.'],
      }),
    );
    const after = applied(file, patch?.patch ?? null);
    expect(entry(after, 'mrr')).toMatchObject({
      label: 'Monthly recurring revenue',
      description:
        'Recurring platform fees of the month: all paying customers, no usage, contracts of a year by the twelfth part.',
      type: 'simple',
      config: {
        meta: {
          synonyms: ['MRR', 'recurring: revenue'],
          owner: 'priya@acme.example',
          caveats: ['Paused customers count as churned.', 'Usage is not in it.'],
        },
      },
    });
    for (const comment of [
      '# Finance metrics. Keep sorted.',
      '# annual',
      '# people say this',
      '# churn is next',
    ])
      expect(after).toContain(comment);
    expect(entry(after, 'arr')).toEqual({ name: 'arr', description: 'MRR times twelve.' });
  });

  it.each(['churn', 'arr', 'mrr_per_customer'])(
    'adds what %s does not have yet, in block and in flow style',
    (name) => {
      const patch = editFile(
        { path: 'finance.yml', text: file },
        { kind: 'metric', name },
        change({ label: 'A: label, with marks', caveats: ['none known'] }),
      );
      const after = entry(applied(file, patch?.patch ?? null), name);
      expect(after.label).toBe('A: label, with marks');
      expect(JSON.stringify(after)).toContain('"caveats":["none known"]');
    },
  );

  it('writes successor and last day of a deprecation', () => {
    const patch = editFile(
      { path: 'finance.yml', text: file },
      { kind: 'metric', name: 'mrr' },
      {
        kind: 'deprecate',
        proposed: {},
        successor: 'arr',
        last_day: '2026-06-30',
      },
    );
    expect(entry(applied(file, patch?.patch ?? null), 'mrr')).toMatchObject({
      config: { meta: { successor: 'arr', deprecation_date: '2026-06-30' } },
    });
  });

  it('leaves a file alone in which the name stands twice, or not at all', () => {
    const twice = `${file}  - name: mrr\n    description: Again.\n`;
    const wanted = change({ description: 'New.' });
    expect(editFile({ path: 'a.yml', text: twice }, { kind: 'metric', name: 'mrr' }, wanted)).toBeNull();
    expect(editFile({ path: 'a.yml', text: file }, { kind: 'metric', name: 'gone' }, wanted)).toBeNull();
    expect(editFile({ path: 'a.yml', text: 'a: [' }, { kind: 'metric', name: 'mrr' }, wanted)).toBeNull();
  });

  it('says where a last line has no end', () => {
    const patch = unifiedDiff('finance.yml', 'a\nb', 'a\nc');
    expect(applied('a\nb', patch)).toBe('a\nc');
  });
});
