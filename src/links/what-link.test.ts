import { expect, it } from 'vitest';
import { newAsset } from '../catalog/new-asset.js';
import { makeCatalog } from '../catalog/snapshot.js';
import { ownLink, whatLink } from './what-link.js';

const board = (name: string, url: string) =>
  newAsset({ sourceId: `exposure.${name}`, kind: 'exposure', name }, { url });
const view = makeCatalog([
  {
    source: 'acme',
    type: 'test',
    snapshot: {
      assets: [
        board('sales', 'https://bi.example/d/sales'),
        board('one', 'https://bi.example/view?id=1'),
        board('two', 'https://bi.example/view?id=2&tab=a'),
        board('docs', 'https://docs.example/#!/model/orders'),
        board('root', 'https://docs.example/'),
        board('twin-a', 'https://bi.example/twin'),
        board('twin-b', 'https://bi.example/twin'),
        newAsset({ sourceId: 'metric.acme.mrr', kind: 'metric', name: 'mrr' }, {}),
      ],
      edges: [],
      signals: [],
      warnings: [],
      info: {},
    },
  },
]);
const own = 'https://steward.example';

it.each([
  ['https://bi.example/d/sales', 'sales'],
  ['https://BI.example/d/sales/?from=now-7d#panel', 'sales'],
  ['https://bi.example/view?id=1', 'one'],
  ['https://bi.example/view?tab=a&id=2&zoom=3', 'two'],
  ['https://bi.example/view?id=3', null],
  ['https://bi.example/view', null],
  ['https://docs.example/#!/model/orders', 'docs'],
  ['https://docs.example/#!/model/payments', null],
  ['https://docs.example/#top', 'root'],
  ['https://bi.example/twin', null],
  ['javascript:alert(1)', null],
  ['not an address', null],
  ['https://steward.example/open/metric.acme.mrr', 'mrr'],
  ['https://steward.example/open/%E0%A4%A', null],
  ['https://steward.example/metric.acme.mrr', null],
])('%s means %s', (address, name) => {
  const linked = whatLink(view, own, address);
  expect(linked?.kind === 'asset' ? linked.asset.name : null).toBe(name);
});

it('reads the numbers that people see, and makes the links it reads', () => {
  expect(whatLink(view, own, 'https://steward.example/open/inc-12')).toEqual({
    kind: 'incident',
    number: 12,
  });
  expect(whatLink(view, own, ownLink(own, 'DEF-3') ?? '')).toEqual({ kind: 'definition', number: 3 });
  expect(ownLink(undefined, 'DEF-3')).toBeNull();
});
