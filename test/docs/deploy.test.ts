import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { environmentVariables } from '../../src/contract/tables.js';

const known = new Set(environmentVariables.map(({ name }) => name));
const read = (name: string): string => readFileSync(`deploy/${name}`, 'utf8');

it.each(['compose.yml', 'kubernetes.yml'])('%s is sound YAML', (name) => {
  for (const document of parseAllDocuments(read(name)))
    expect('errors' in document ? document.errors : []).toEqual([]);
});

it.each(['Dockerfile', 'compose.yml', 'steward.service', 'kubernetes.yml'])(
  '%s sets no variable of ours that does not exist',
  (name) => {
    const named = [...read(name).matchAll(/\b((?:STEWARD|SLACK)_[A-Z_]+|DATABASE_URL|REDIS_URL)\b/g)];
    for (const [, variable = ''] of named) expect(known.has(variable), variable).toBe(true);
  },
);
