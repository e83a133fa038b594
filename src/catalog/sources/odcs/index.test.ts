import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { tempFiles } from '../../../../test/helpers/temp-files.js';
import { makeCatalog } from '../../snapshot.js';
import { draft, snapshot } from '../../test-kit/asset.js';
import { sourceContext } from '../../test-kit/source-context.js';
import { odcs } from './index.js';

const fixtures = path.join(path.dirname(fileURLToPath(import.meta.url)), 'fixtures');

describe('a data contract', () => {
  it('gives its tables with what was promised', async () => {
    const { assets } = await odcs.read({ path: fixtures }, sourceContext());
    expect(assets).toMatchObject([
      {
        sourceId: 'orders-contract.orders',
        relation: 'lake.marts.fct_orders',
        label: 'Orders',
        domain: 'sales',
        tier: 1,
        grain: 'one row per order line',
        caveats: ['Gift cards are missing.'],
        owners: [{ email: 'ada@shop.example' }],
        freshnessSla: { errorAfterMinutes: 360 },
        contract: {
          enforced: true,
          columns: [
            { name: 'id', dataType: 'bigint' },
            { name: 'email', dataType: 'varchar' },
          ],
        },
        columns: [{ name: 'id' }, { name: 'email', classification: ['confidential'] }],
      },
    ]);
  });

  it('completes the table that dbt builds', async () => {
    const promised = await odcs.read({ path: fixtures }, sourceContext());
    const built = draft({
      kind: 'model',
      name: 'fct_orders',
      relation: 'LAKE.MARTS.FCT_ORDERS',
      description: 'Built by dbt.',
    });
    const catalog = makeCatalog([
      { source: 'dbt', snapshot: snapshot({ assets: [built] }) },
      { source: 'contracts', snapshot: promised },
    ]);
    expect(catalog.assets()).toMatchObject([
      { name: 'fct_orders', description: 'Built by dbt.', contract: { enforced: true }, tier: 1 },
    ]);
  });

  it('is told from other YAML, and refused when there is none', async () => {
    await expect(
      odcs.read({ path: await tempFiles({ 'x.yaml': 'a: 1\n' }) }, sourceContext()),
    ).rejects.toThrow('x.yaml is no data contract');
  });
});
