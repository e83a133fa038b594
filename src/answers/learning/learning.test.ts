import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterEach, describe, expect, it } from 'vitest';
import { makeTestDatabase } from '../../../test/helpers/database.js';
import { makeTestServices } from '../../../test/helpers/services.js';
import type { Actor } from '../../audit/record.js';
import { assetId } from '../../catalog/asset-id.js';
import { loadCatalog } from '../../catalog/load-catalog.js';
import { newAsset } from '../../catalog/new-asset.js';
import { buildIndex } from '../../catalog/search/build-index.js';
import { makeCatalog } from '../../catalog/snapshot.js';
import { operatorViewer } from '../../catalog/visibility.js';
import { answerQuestion } from '../answer.js';
import { ownerGoneSentence } from '../owner-gone.js';
import { draft } from '../test-catalog.js';
import { decideAlias, proposeAlias, proposedAliases } from './aliases.js';
import { queueCatalogGaps } from './catalog-gaps.js';
import { owns } from './decide-gap.js';
import { deflection } from './deflection.js';
import { rateAnswer } from './feedback.js';
import { moveGap, reportGap } from './gaps.js';
import { checkGoldenQuestions } from './golden.js';
import { tellOfLate } from './late-gaps.js';
import { likelyPeople } from './likely-people.js';
import { eraseOldQuestions, makeQuestionLog } from './question-log.js';
import { listGaps } from './queue.js';

const database = await makeTestDatabase({ max: 8 });
const people = ['ana@shop.example', 'ben@shop.example'].map((email) => ({ email }));
const snapshot = {
  assets: [
    draft('metric', 'net_revenue', { label: 'Net revenue', description: 'Money after refunds.' }),
    draft('metric', 'churn_rate', { label: 'Churn rate', description: 'Share who cancelled.' }),
  ],
  edges: [],
  signals: [],
  warnings: [],
  info: {},
};
const services = await makeTestServices({ database, config: { people }, catalog: { shop: snapshot } });
const ana = await services.personId('ana@shop.example');
const ben = await services.personId('ben@shop.example');
const actor = (personId: string): Actor => ({ personId, kind: 'person', channel: 'slack' });
const at = (minutes: number): Date => new Date(services.clock.now().getTime() + minutes * 60_000);
const catalog = services.catalog.current();
const idOf = (name: string): string => catalog.view.byName(name)[0]?.id ?? '';
const { db } = database;
const reader = { view: catalog.view, viewer: operatorViewer, rules: [] };
const checked = (minutes: number) => ({ changedAt: at(minutes), now: at(minutes) });

afterEach(async () => {
  for (const table of [
    'gap_asker',
    'gap',
    'golden_question',
    'alias',
    'answer_feedback',
    'question',
    'slack_message',
  ] as const) {
    await db.deleteFrom(table).execute();
  }
});

describe('whom a question goes to', () => {
  const asset = makeCatalog([
    {
      source: 'shop',
      type: 'test',
      snapshot: {
        ...snapshot,
        assets: [draft('metric', 'platform_cost', { owners: [{ email: 'ana@shop.example' }] })],
      },
    },
  ]).assets()[0];
  const asked = async (
    away: { from: string; to: string; delegate?: string } | undefined,
    askerId?: string,
  ) => {
    const { directory, catalog: store, log } = services;
    const config = {
      ...services.config,
      authority: { ...services.config.authority, admins: ['ben@shop.example'] },
      people: services.config.people.map((entry) =>
        entry.email === 'ana@shop.example' && away ? { ...entry, away } : entry,
      ),
    };
    const about = { asset, question: 'platform cost', now: at(0), ...(askerId ? { askerId } : {}) };
    const found = await likelyPeople({ directory, catalog: store, log, config }, db, about);
    return found.map(({ id }) => id);
  };
  const month = { from: '2000-01-01', to: '2099-12-31' };

  it('is its owner, and who stands in for one who is away', async () => {
    expect(await asked(undefined)).toEqual([ana]);
    expect(await asked({ ...month, delegate: 'ben@shop.example' })).toEqual([ben]);
  });

  it('is whoever keeps the data, where the owner is away without a stand-in or asks it', async () => {
    expect(await asked(month)).toEqual([ben]);
    expect(await asked(undefined, ana)).toEqual([ben]);
  });
});

describe('an owner who left', () => {
  const cost = draft('metric', 'platform_cost', {
    description: 'Machines and power.',
    owners: [{ name: 'Ana', email: 'ana@shop.example' }],
    backupOwner: { email: 'ben@shop.example' },
  });
  const asset = makeCatalog([
    { source: 'shop', type: 'test', snapshot: { ...snapshot, assets: [cost] } },
  ]).assets()[0];
  const status = (value: 'active' | 'left') =>
    db.updateTable('person').set({ status: value }).where('id', '=', ana).execute();
  afterEach(() => status('active'));

  it('is named as gone, and the backup is asked and decides in their place', async () => {
    if (asset === undefined) throw new Error('no asset');
    const about = { asset, question: 'platform cost', now: at(0) };
    expect(await ownerGoneSentence(services, db, asset)).toBeNull();
    expect((await likelyPeople(services, db, about)).map(({ id }) => id)).toEqual([ana]);
    await status('left');
    expect(await ownerGoneSentence(services, db, asset)).toMatch(
      /^Its owner Ana is not here any more: .* is asked in their place\.$/,
    );
    expect((await likelyPeople(services, db, about)).map(({ id }) => id)).toEqual([ben]);
    const backup = await services.directory.byId(db, ben);
    expect(backup && (await owns(services, asset, backup))).toBe(true);
  });

  it('without a backup leaves it to the data team, and one whom nobody knows has not left', async () => {
    if (asset === undefined) throw new Error('no asset');
    await status('left');
    const { backupOwner: _, ...alone } = asset;
    expect(await ownerGoneSentence(services, db, alone)).toContain('the data team is asked in their place');
    const unknown = { ...alone, owners: [{ name: 'Cleo', email: 'cleo@elsewhere.example' }] };
    expect(await ownerGoneSentence(services, db, unknown)).toBeNull();
  });
});

describe('what could not be answered', () => {
  it('is one entry however it is asked, and counts who asked how often', async () => {
    for (const [question, personId] of [
      ['what is burn multiple?', ana],
      ['Burn Multiple', ben],
      ['how do we calculate the burn multiple', ana],
    ] as const) {
      await db
        .transaction()
        .execute((trx) => reportGap(trx, { type: 'missing', question, personId, now: at(0) }));
    }
    const [gap, ...others] = await listGaps(db, { reader });
    expect(others).toEqual([]);
    expect(gap).toMatchObject({ type: 'missing', demand: 3, state: 'open' });
    expect(await db.selectFrom('gap_asker').selectAll().execute()).toHaveLength(2);
  });

  it('counts right when it is asked many times at once', async () => {
    await Promise.all(
      Array.from({ length: 20 }, () =>
        db
          .transaction()
          .execute((trx) =>
            reportGap(trx, { type: 'missing', question: 'burn multiple', personId: ana, now: at(0) }),
          ),
      ),
    );
    expect((await listGaps(db, { reader })).map((gap) => gap.demand)).toEqual([20]);
  });

  it('keeps nothing for words without a meaning', async () => {
    expect(
      await db
        .transaction()
        .execute((trx) => reportGap(trx, { type: 'missing', question: '???', now: at(0) })),
    ).toBeNull();
  });

  it('once closed is told to everyone who asked, exactly once, and becomes a golden question', async () => {
    const id = await db.transaction().execute(async (trx) => {
      await reportGap(trx, { type: 'missing', question: 'net revenue', personId: ana, now: at(0) });
      return reportGap(trx, { type: 'missing', question: 'what is net revenue?', personId: ben, now: at(1) });
    });
    await moveGap(db, {
      id: id ?? '',
      to: 'closed',
      actor: actor(ben),
      now: at(2),
      assetId: idOf('net_revenue'),
    });
    const told = await db.selectFrom('slack_message').select(['person_id', 'card_kind']).execute();
    expect(told.map((row) => row.person_id).sort()).toEqual([ana, ben].sort());
    await expect(
      moveGap(db, { id: id ?? '', to: 'closed', actor: actor(ben), now: at(3) }),
    ).rejects.toMatchObject({ code: 'illegal_transition' });
    expect((await checkGoldenQuestions(db, catalog, checked(4))).drops).toEqual([]);
    expect((await db.selectFrom('golden_question').selectAll().executeTakeFirstOrThrow()).passed).toBe(true);
  });

  it('given to somebody else with a day is told to them, and once that day is past to them and to whoever asked', async () => {
    const id = await db
      .transaction()
      .execute((trx) =>
        reportGap(trx, { type: 'missing', question: 'carbon footprint', personId: ben, now: at(0) }),
      );
    if (id === null) throw new Error('no gap');
    const plan = (promisedOn: string, ownerId: string) =>
      moveGap(db, {
        id,
        to: 'planned',
        actor: actor(ben),
        now: at(0),
        ownerId,
        stage: 'building',
        promisedOn,
      });
    await plan('2026-03-05', ana);
    const told = async () =>
      (await db.selectFrom('slack_message').select('key').orderBy('key').execute()).map(({ key }) =>
        key.replaceAll(id, 'ID').replaceAll(ana, 'ana').replaceAll(ben, 'ben'),
      );
    const planned = ['gap-planned:2026-03-05:ID:ben', 'gap:ID:ana'];
    expect(await told()).toEqual(planned);
    await tellOfLate(services, new Date('2026-03-05T15:00:00Z'));
    expect(await told()).toEqual(planned);
    await tellOfLate(services, new Date('2026-03-06T09:00:00Z'));
    await tellOfLate(services, new Date('2026-03-07T09:00:00Z'));
    expect(await told()).toEqual([
      'gap-late:2026-03-05:ID:ben',
      'gap-late:2026-03-05:ID:owner:ana',
      ...planned,
    ]);
    await plan('2026-03-20', ana);
    await tellOfLate(services, new Date('2026-03-08T09:00:00Z'));
    expect(await told()).toHaveLength(5);
    const refreshed = await db
      .selectFrom('outbox')
      .innerJoin('slack_message', (join) =>
        join.on(sql<boolean>`outbox.payload ->> 'messageId' = slack_message.id::text`),
      )
      .select('slack_message.variant')
      .distinct()
      .where('outbox.kind', '=', 'slack.update')
      .execute();
    // What askers were told stays as it was: with every message in its newest state they would read the same thing several times.
    expect(refreshed).toEqual([{ variant: 'owner' }]);
  });

  it('reports a golden question that is no longer answered', async () => {
    await db
      .insertInto('golden_question')
      .values({ question: 'net revenue', asset_id: idOf('net_revenue'), created_at: at(0), passed: true })
      .execute();
    const empty = makeCatalog([]);
    const without = { ...catalog, view: empty, index: buildIndex([]) };
    const cut = { ...checked(1), onDrop: () => Promise.reject(new Error('killed')) };
    await expect(checkGoldenQuestions(db, without, cut)).rejects.toThrow('killed');
    expect((await checkGoldenQuestions(db, without, checked(1))).drops).toMatchObject([
      { question: 'net revenue', assetId: idOf('net_revenue') },
    ]);
    expect((await checkGoldenQuestions(db, without, checked(2))).drops).toEqual([]);
  });

  it('known from one source is answered still when a stronger one describes the same thing', async () => {
    const term = draft('term', 'net_revenue', { label: 'Net revenue', description: 'Money after refunds.' });
    const sources = [
      { source: 'strong', type: 'test', snapshot: { ...snapshot, assets: [{ ...term, sourceId: 'other' }] } },
      { source: 'shop', type: 'test', snapshot: { ...snapshot, assets: [term] } },
    ];
    const rules = {
      precedence: [],
      identity: [{ by: 'name' as const, kinds: ['term'], sources: ['strong', 'shop'] }],
    };
    const merged = makeCatalog(sources, rules);
    const weak = assetId('shop', term.sourceId);
    expect(merged.get(weak)?.id).toBe(assetId('strong', 'other'));
    await db
      .insertInto('golden_question')
      .values({ question: 'net revenue', asset_id: weak, created_at: at(0), passed: true })
      .execute();
    const both = { ...catalog, view: merged, index: buildIndex(merged.assets()) };
    expect((await checkGoldenQuestions(db, both, checked(1))).drops).toEqual([]);
  });

  it('about thousands of things that only a query log names is one entry, with the first of them and their number', async () => {
    const named = (name: string) => newAsset({ sourceId: name, kind: 'model', name }, { reference: true });
    const log = { ...snapshot, assets: Array.from({ length: 1_200 }, (_, i) => named(`tmp_${i}`)) };
    const view = makeCatalog([{ source: 'log', type: 'usage', snapshot: log }]);
    await queueCatalogGaps(db, view, at(0));
    const rows = await db.selectFrom('gap').select(['title', 'state']).execute();
    expect(rows).toEqual([
      {
        title:
          'log speaks of tmp_0, which no source has, or several have. And 1199 more like it: `steward catalog lint` lists them.',
        state: 'open',
      },
    ]);
    await queueCatalogGaps(db, makeCatalog([]), at(1));
    expect(await db.selectFrom('gap').select('state').execute()).toEqual([{ state: 'closed' }]);
  });

  it('is ranked by demand', async () => {
    for (const question of ['runway', 'burn multiple', 'burn multiple']) {
      await db.transaction().execute((trx) => reportGap(trx, { type: 'missing', question, now: at(0) }));
    }
    const [first] = await listGaps(db, { reader, limit: 1 });
    expect(first?.title).toBe('burn multiple');
    const rest = await listGaps(db, { reader, limit: 5, ...(first ? { after: first } : {}) });
    expect(rest.map((gap) => gap.title)).toEqual(['runway']);
  });
});

describe('names that people use', () => {
  it('are proposed by a confirmed ask-back and found after the owner accepts', async () => {
    const id = await proposeAlias(services, {
      assetId: idOf('churn_rate'),
      text: 'Logo loss?',
      actor: actor(ana),
      personId: ana,
      now: at(0),
    });
    expect(
      await proposeAlias(services, {
        assetId: idOf('churn_rate'),
        text: 'logo loss',
        actor: actor(ben),
        personId: ben,
        now: at(1),
      }),
    ).toBe(id);
    expect(await proposedAliases(db, [idOf('churn_rate')])).toMatchObject([
      { text: 'Logo loss', confirmations: 2 },
    ]);
    const before = await db.selectFrom('catalog_version').select('version').executeTakeFirstOrThrow();
    await decideAlias(db, catalog, { id: id ?? '', accept: true, actor: actor(ben), now: at(2) });
    const after = await db.selectFrom('catalog_version').select('version').executeTakeFirstOrThrow();
    expect(Number(after.version)).toBe(Number(before.version) + 1);
    await expect(loadCatalog(db)).resolves.toBeDefined();
  });

  it('are never a name of something else', async () => {
    expect(
      await proposeAlias(services, {
        assetId: idOf('churn_rate'),
        text: 'net revenue',
        actor: actor(ana),
        personId: ana,
        now: at(0),
      }),
    ).toBeNull();
  });

  it('lead to one thing: the second acceptance of the same words is refused', async () => {
    const first = await proposeAlias(services, {
      assetId: idOf('churn_rate'),
      text: 'the big number',
      actor: actor(ana),
      personId: ana,
      now: at(0),
    });
    const second = await proposeAlias(services, {
      assetId: idOf('net_revenue'),
      text: 'the big number',
      actor: actor(ben),
      personId: ben,
      now: at(0),
    });
    await decideAlias(db, catalog, { id: first ?? '', accept: true, actor: actor(ben), now: at(1) });
    await expect(
      decideAlias(db, catalog, { id: second ?? '', accept: true, actor: actor(ben), now: at(2) }),
    ).rejects.toMatchObject({ code: 'invalid_input' });
  });

  it('lead to one thing also where an approved change gives the words to another, which no sync has seen yet', async () => {
    const text = { description: 'Money after refunds.', label: 'Net revenue', synonyms: [], caveats: [] };
    const change = await db
      .insertInto('definition_change')
      .values({
        kind: 'change',
        state: 'approved',
        asset_id: idOf('net_revenue'),
        asset_name: 'Net revenue',
        present: JSON.stringify(text),
        proposed: JSON.stringify({ synonyms: ['the big one'] }),
        reason: 'People say so.',
        effective_date: '2026-03-10',
        impact: JSON.stringify({ total: 0, dashboards: 0, metrics: 0, named: [] }),
        view_id: 'V-names',
        created_at: at(0),
        updated_at: at(0),
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    const propose = (name: string) =>
      proposeAlias(services, {
        assetId: idOf(name),
        text: 'The big one',
        actor: actor(ana),
        personId: ana,
        now: at(0),
      });
    const accept = (id: string | null) =>
      decideAlias(db, catalog, { id: id ?? '', accept: true, actor: actor(ben), now: at(1) });
    await expect(accept(await propose('churn_rate'))).rejects.toMatchObject({ code: 'invalid_input' });
    await accept(await propose('net_revenue'));
    await db.deleteFrom('definition_change').where('id', '=', change.id).execute();
  });
});

describe('what people think of an answer', () => {
  const rate = (helpful: boolean, minute: number) =>
    rateAnswer(db, {
      actor: actor(ana),
      personId: ana,
      assetId: idOf('net_revenue'),
      helpful,
      title: 'Net revenue',
      now: at(minute),
    });

  it('is the last thing they said', async () => {
    await rate(true, 0);
    await rate(false, 1);
    await rate(true, 2);
    expect(await db.selectFrom('answer_feedback').select('helpful').execute()).toEqual([{ helpful: true }]);
  });

  it('is a gap when it comes with a reason', async () => {
    await rateAnswer(db, {
      actor: actor(ana),
      personId: ana,
      assetId: idOf('net_revenue'),
      helpful: false,
      reason: 'outdated',
      title: 'Net revenue',
      now: at(0),
    });
    expect(await listGaps(db, { reader })).toMatchObject([{ type: 'stale', title: 'Net revenue' }]);
  });
});

describe('the log of questions', () => {
  const answered = (question: string) =>
    answerQuestion({
      view: catalog.view,
      index: catalog.index,
      now: at(0),
      viewer: operatorViewer,
      question,
    });

  it('is written in batches and counts as spared only what was answered, not asked again and not unhelpful', async () => {
    const log = makeQuestionLog({ db, log: services.log });
    const note = (question: string, minute: number) =>
      log.note({
        id: randomUUID(),
        at: at(minute),
        personId: ana,
        surface: 'command',
        answer: answered(question),
        ms: 1,
      });
    note('net revenue', 0);
    note('what is net revenue?', 30);
    note('churn rate', 0);
    note('capital of Mongolia', 0);
    await log.flush();
    expect(await deflection(db, { from: at(-1), to: at(60) })).toEqual({ asked: 4, deflected: 2 });
    expect(await listGaps(db, { reader })).toMatchObject([
      { type: 'missing', title: 'capital of Mongolia', demand: 1 },
    ]);
    await rateAnswer(db, {
      actor: actor(ana),
      personId: ana,
      assetId: idOf('churn_rate'),
      helpful: false,
      title: 'Churn rate',
      now: at(40),
    });
    expect(await deflection(db, { from: at(-1), to: at(60) })).toEqual({ asked: 4, deflected: 1 });
    // Two days on it is asked once more, and this time nothing is wrong with it.
    const later = 2 * 24 * 60;
    note('churn rate', later);
    await log.flush();
    expect(await deflection(db, { from: at(-1), to: at(later + 1) })).toEqual({ asked: 5, deflected: 2 });
    const put = (personId: string) =>
      db.transaction().execute((trx) =>
        reportGap(trx, {
          type: 'missing',
          question: 'Churn rate',
          assetId: idOf('churn_rate'),
          personId,
          now: at(later + 5),
        }),
      );
    await put(ben);
    expect(await deflection(db, { from: at(-1), to: at(later + 1) })).toEqual({ asked: 5, deflected: 2 });
    await put(ana);
    expect(await deflection(db, { from: at(-1), to: at(later + 1) })).toEqual({ asked: 5, deflected: 1 });
  });

  it('loses its words after a while and keeps its counts', async () => {
    const log = makeQuestionLog({ db, log: services.log });
    log.note({
      id: randomUUID(),
      at: at(0),
      personId: ana,
      surface: 'command',
      answer: answered('net revenue'),
      ms: 1,
    });
    await log.flush();
    expect(await eraseOldQuestions(db, at(10))).toBe(1);
    expect(await db.selectFrom('question').select(['text', 'person_id', 'outcome']).execute()).toEqual([
      { text: null, person_id: null, outcome: 'answered' },
    ]);
  });
});
