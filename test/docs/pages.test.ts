import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { parseConfig } from '../../src/config/load-config.js';

const pages = [
  ...readdirSync('.').filter((name) => name.endsWith('.md')),
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => path.join('docs', name)),
];
const read = (file: string): string => readFileSync(file, 'utf8');

it('has the pages that a newcomer is sent to', () => {
  for (const page of [
    'README.md',
    'ARCHITECTURE.md',
    'CONTRIBUTING.md',
    'CHANGELOG.md',
    'docs/operations.md',
  ])
    expect(pages).toContain(page);
});

it.each(pages)('%s links only to what is there', (page) => {
  const links = [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? '');
  for (const link of links) {
    if (/^(https?:|mailto:|#)/.test(link)) continue;
    const file = path.join(path.dirname(page), decodeURIComponent(link.split('#')[0] ?? ''));
    expect(existsSync(file), `${page}: ${link}`).toBe(true);
  }
});

/** Paths in backticks that begin with a folder of the project; a trailing slash, `<name>` and `*` mean any. */
it.each(pages)('%s names only files that are there', (page) => {
  const named = [
    ...read(page).matchAll(
      /`((?:src|test|scripts|docs|commands|handlers|playground|demo|bench|bin|deploy)\/[\w./-]*)`/g,
    ),
  ];
  for (const [, name = ''] of named) expect(existsSync(name), `${page}: ${name}`).toBe(true);
});

it('gives a first steward.yml that is taken as it stands', () => {
  const block = /```yaml\n([\s\S]*?)```/.exec(read('README.md'))?.[1] ?? '';
  const config = parseConfig(block.replace(/^ {3}/gm, ''));
  expect(config.people).toHaveLength(2);
  expect(config.catalog.sources[0]).toMatchObject({ type: 'dbt-artifacts' });
});

it('shows the picture of an answer before anything else', () => {
  const readme = read('README.md');
  expect(readme.indexOf('![')).toBeGreaterThan(0);
  expect(readme.indexOf('![')).toBeLessThan(readme.indexOf('npm ci && npm run demo'));
});
