import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { stewardConfig } from '../config/steward-schema.js';
import { checkWarehouses } from './check-warehouses.js';
import { provisionerTypes } from './provisioners/registry.js';
import { makeWarehouses } from './warehouses.js';

const read = (entry: Record<string, unknown>) =>
  stewardConfig.parse({ warehouses: [{ name: 'w', ...entry }] });
const examples = [...readFileSync('docs/provisioners.md', 'utf8').matchAll(/```yaml\n([\s\S]*?)```/g)].map(
  ([, text = '']) => stewardConfig.parse(parse(text)),
);

describe('an entry of `warehouses`', () => {
  it('as docs/provisioners.md writes it is taken, for every type there is', () => {
    for (const config of examples) checkWarehouses(config);
    const shown = examples.flatMap(({ warehouses }) => warehouses.map(({ type }) => type));
    expect([...new Set(shown)].sort()).toEqual([...provisionerTypes].sort());
  });

  it('as docs/provisioners.md writes it is opened', () => {
    for (const config of examples) {
      const clock = { now: () => new Date(0), offsetMs: () => 0 };
      const warehouses = makeWarehouses({ config, clock, secret: () => 'x' }, { fetch: globalThis.fetch });
      for (const { name } of config.warehouses) expect(warehouses.get(name), name).not.toBeNull();
    }
  });

  it.each([
    [{ type: 'oracle' }, 'warehouses.0.type: access cannot be given in "oracle"; known: postgres, snowflake'],
    [{ type: 'webhook', url: 'https://grants.example/' }, 'warehouses.0.signingSecret: '],
    [{ type: 'okta', url: { env: 'OKTA' }, token: { env: 'T' }, groups: [] }, 'warehouses.0.url: '],
  ])('that is wrong stops the start with its key: %j', (entry, said) => {
    expect(() => checkWarehouses(read(entry))).toThrow(said);
  });

  it('that is there twice stops the start', () => {
    const entry = { name: 'w', type: 'manual', team: 'data' };
    expect(() => checkWarehouses(stewardConfig.parse({ warehouses: [entry, entry] }))).toThrow(
      'warehouses.1.name: w is there twice',
    );
  });

  it('has a connection string as a secret or an address, and nothing else', () => {
    expect(() => read({ type: 'postgres', url: 'postgres://u:secret@db/analytics' })).toThrow(
      'write `{ env: NAME }` for a connection string',
    );
  });
});
