import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeTestDatabase, type TestDatabase } from '../../test/helpers/database.js';
import type { OwnerRef } from '../catalog/asset.js';
import { loadCatalog } from '../catalog/load-catalog.js';
import { newAsset } from '../catalog/new-asset.js';
import { buildIndex } from '../catalog/search/build-index.js';
import { storeSnapshot } from '../catalog/store-snapshot.js';
import type { CatalogView } from '../catalog/view.js';
import { operatorViewer } from '../catalog/visibility.js';
import { answerQuestion } from './answer.js';
import { namesOfOwners } from './person-names.js';
import { readEvidence } from './read-evidence.js';

const now = new Date('2026-03-02T10:00:00Z');
const permalink = 'https://example.slack.com/archives/C0DATA/p1772000000000000';

let database: TestDatabase;
let view: CatalogView;

const asset = (name: string) => {
  const [found] = view.byName(name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
};

beforeAll(async () => {
  database = await makeTestDatabase();
  const metric = (name: string, owner: OwnerRef, backupOwner?: OwnerRef) =>
    newAsset(
      { sourceId: name, kind: 'metric', name },
      {
        description: `What ${name} means.`,
        owners: [owner],
        ...(backupOwner === undefined ? {} : { backupOwner }),
      },
    );
  await storeSnapshot(
    database.db,
    { name: 'shop', type: 'test', position: 0 },
    {
      assets: [
        metric('refunds', { email: 'Ana@Example.com' }, { email: 'ben@example.com' }),
        metric('returns', { email: 'nobody-known@example.com' }),
        metric('orders', { team: 'sales', email: 'ana@example.com' }),
      ],
      edges: [],
      signals: [],
      warnings: [],
      info: {},
    },
    { now },
  );
  ({ view } = await loadCatalog(database.db));
  await database.db
    .insertInto('person')
    .values(
      [
        { email: 'ana@example.com', name: 'Ana Lopez', status: 'active' as const },
        { email: 'ben@example.com', name: 'Ben Okoro', status: 'left' as const },
      ].map((person) => ({
        ...person,
        kind: 'member' as const,
        origin: 'config',
        created_at: now,
        updated_at: now,
      })),
    )
    .execute();
}, 60_000);

const ask = async (question: string, name: string, own?: string) => {
  const about = asset(name);
  return answerQuestion({
    ...(await readEvidence(database.db, view, [about], now, {
      deep: true,
      change: { from: new Date('2026-02-20T00:00:00Z'), lineage: [about] },
      own,
    })),
    view,
    index: buildIndex(view.assets()),
    now,
    viewer: operatorViewer,
    personName: await namesOfOwners(database.db, [about]),
    question,
  });
};

describe('owners of whom the source gives only an address', () => {
  it('are called by their name, in the text and on the card, whoever stands in for them too', async () => {
    const answer = await ask('what is refunds', 'refunds');
    expect(answer.text).toContain('Owner: Ana Lopez; backup is Ben Okoro.');
    expect(answer.facts).toContainEqual(expect.objectContaining({ field: 'owner', value: 'Ana Lopez' }));
    expect(answer.facts).toContainEqual(
      expect.objectContaining({ field: 'backupOwner', value: 'Ben Okoro' }),
    );
  });

  it('keep their address where nobody known has it, and their team where there is one', async () => {
    expect((await ask('who owns returns', 'returns')).text).toContain('Owner: nobody-known@example.com.');
    expect((await ask('who owns orders', 'orders')).text).toContain('Owner: sales.');
  });
});

describe('what happened to a metric, with a link', () => {
  const subjects = { open: randomUUID(), secret: randomUUID(), rebuilt: randomUUID() };
  beforeAll(async () => {
    const notice = {
      asset_id: asset('refunds').id,
      relation: 'direct' as const,
      level: 'caution' as const,
      starts_at: new Date('2026-03-01T10:00:00Z'),
      updated_at: now,
    };
    await database.db
      .insertInto('asset_notice')
      .values([
        {
          ...notice,
          kind: 'incident',
          subject_id: subjects.open,
          reference: 'INC-12',
          private: false,
          summary: '<!channel> refunds are short',
        },
        {
          ...notice,
          kind: 'incident',
          subject_id: subjects.secret,
          reference: 'INC-13',
          private: true,
          summary: 'a leak',
        },
        {
          ...notice,
          kind: 'backfill',
          subject_id: subjects.rebuilt,
          reference: 'BF-3',
          private: false,
          summary: 'rebuilding 2 days of refunds',
        },
      ])
      .execute();
    await database.db
      .insertInto('slack_message')
      .values(
        [
          { card_id: subjects.open, variant: 'announce', permalink },
          { card_id: subjects.open, variant: 'main', permalink: `${permalink}-members-only` },
          { card_id: subjects.secret, variant: 'announce', permalink: `${permalink}-secret` },
        ].map((message) => ({
          ...message,
          key: `incident:${message.card_id}:${message.variant}`,
          card_kind: 'incident',
          created_at: now,
          updated_at: now,
        })),
      )
      .execute();
    await database.db.updateTable('slack_message').set({ state: 'sent' }).execute();
  });

  it('leads to where an incident was announced, and to nothing of a private one', async () => {
    const { events } = await ask('why did refunds change', 'refunds');
    expect(events?.map(({ reference, url }) => [reference, url])).toEqual([
      ['BF-3', undefined],
      ['INC-12', permalink],
    ]);
  });

  it("leads by Steward's own address where no message is known", async () => {
    const { events } = await ask('why did refunds change', 'refunds', 'https://steward.example.com');
    expect(events?.map(({ reference, url }) => [reference, url])).toEqual([
      ['BF-3', 'https://steward.example.com/open/BF-3'],
      ['INC-12', permalink],
    ]);
  });

  it('says a mention in the words of an incident as words that call nobody', async () => {
    const { text } = await ask('can I use refunds', 'refunds');
    expect(text).toContain('INC-12: @channel refunds are short.');
    expect(text).not.toContain('a leak');
  });
});
