import { beforeEach, describe, expect, it } from 'vitest';
import { makeTestDatabase, type TestDatabase } from '../../test/helpers/database.js';
import { makeTestServices, type TestServices } from '../../test/helpers/services.js';
import { pendingDefinition } from '../answers/pending-definition.js';
import { makeApprovals } from '../approvals/make-approvals.js';
import { loadPolicy } from '../approvals/policy/policy-store.js';
import type { Actor } from '../audit/record.js';
import type { AssetDraft, SourceSnapshot } from '../catalog/asset.js';
import { assetId } from '../catalog/asset-id.js';
import { newAsset } from '../catalog/new-asset.js';
import { storeSnapshot } from '../catalog/store-snapshot.js';
import { NotAllowedError, NotFoundError } from '../errors.js';
import { tellOfChanges } from '../releases/tell-of-changes.js';
import { subscriptionActions } from '../subscriptions/authority.js';
import { definitionActions } from './authority.js';
import { brokenReferences } from './check-text.js';
import { isOvertaken, noticeTimes, sendNotices } from './notices.js';
import { checkWish, proposeChange } from './propose.js';
import type { DefinitionWish } from './read-wish.js';
import { sendReleaseNote } from './release-note.js';
import { remindersDue, remindOfApproved } from './remind.js';
import { settleApproved } from './seen-in-source.js';
import { definitionStates, definitionTransitions } from './state.js';
import { makeDefinitionSubject } from './subject.js';
import { fulfils } from './text.js';
import { withdrawApproved } from './withdraw.js';

const policy = `
version: 1
rules:
  - name: board
    kind: definition
    when: { facts: { board: true } }
    reason: { minLength: 10 }
    stages: [{ name: Owner, from: [owner] }, { name: Finance, from: [{ team: finance }] }]
  - name: other
    kind: definition
    stages: [{ name: Owner, from: [owner] }]
`;

const config = {
  people: [
    { email: 'leo@example.com', name: 'Leo', slack: 'U0LEO', teams: ['product'] },
    { email: 'owen@example.com', name: 'Owen', slack: 'U0OWEN', teams: ['platform'] },
    { email: 'fay@example.com', name: 'Fay', slack: 'U0FAY', teams: ['finance'] },
    { email: 'dora@example.com', name: 'Dora', slack: 'U0DORA', teams: ['product'] },
    { email: 'kai@example.com', name: 'Kai', slack: 'U0KAI', guest: true, teams: [] },
  ],
  teams: [{ id: 'finance' }, { id: 'platform' }, { id: 'product' }],
  slack: { channels: { announcements: 'C0NEWS', approvals: 'C0APPROVALS' } },
  catalog: { visibility: [{ match: { tag: 'secret' }, teams: ['finance'], otherwise: 'hidden' }] },
  freezes: [{ name: 'Month close', daysOfMonth: [-1, 1, 2], domains: ['finance'] }],
};

const metric = (name: string, changed: Partial<AssetDraft>): AssetDraft => ({
  ...newAsset({ sourceId: `metric.acme.${name}`, kind: 'metric', name }, {}),
  owners: [{ email: 'owen@example.com' }],
  ...changed,
});

const mrr = metric('mrr', {
  label: 'MRR',
  description: 'Recurring fees of the month.',
  synonyms: ['monthly recurring revenue'],
  caveats: ['Annual contracts count a twelfth per month.'],
  domain: 'finance',
  tier: 1,
  tags: ['board-metric'],
});
const snapshot: SourceSnapshot = {
  assets: [
    mrr,
    metric('orders', { description: 'Orders placed.' }),
    metric('bookings', { description: 'Signed contracts.', synonyms: ['signed value'] }),
    metric('secret_margin', { tags: ['secret'] }),
    newAsset({ sourceId: 'term.gross_margin', kind: 'term', name: 'Gross margin' }, {}),
    {
      ...newAsset({ sourceId: 'exposure.acme.board', kind: 'exposure', name: 'board' }, {}),
      owners: [{ email: 'dora@example.com' }],
    },
  ],
  edges: [{ from: 'metric.acme.mrr', to: 'exposure.acme.board', kind: 'exposes' }],
  signals: [],
  warnings: [],
  info: {},
};
const idOf = (name: string): string => assetId('acme', `metric.acme.${name}`);

let database: TestDatabase;
let services: TestServices;
let views = 0;

beforeEach(async () => {
  database = await makeTestDatabase();
  services = await makeTestServices({
    database,
    config,
    catalog: { acme: snapshot },
    actions: [definitionActions, subscriptionActions],
    approvals: (made) => makeApprovals(made, { subjects: { definition: makeDefinitionSubject(made) } }),
  });
  await loadPolicy(services, async () => [{ path: 'policy.yml', text: policy }], {
    actor: { personId: null, kind: 'system', channel: 'cli' },
    now: services.clock.now(),
  });
  await sync(snapshot);
});

async function sync(what: SourceSnapshot): Promise<void> {
  const now = services.clock.now();
  await storeSnapshot(services.db, { name: 'acme', type: 'test', position: 0 }, what, {
    now,
    onChanges: tellOfChanges(services, now),
  });
}

async function person(name: string) {
  const found = await services.directory.byEmail(services.db, `${name}@example.com`);
  if (!found) throw new Error(`no ${name}`);
  return found;
}

function change(name: string, wanted: Partial<AssetDraft> = {}): DefinitionWish {
  const draft = snapshot.assets.find((asset) => asset.name === name) ?? mrr;
  return {
    kind: 'change',
    assetId: idOf(name),
    reason: 'People read the present text in two ways.',
    effectiveDate: '2026-03-10',
    wanted: {
      description: wanted.description ?? 'Recurring fees of the month, without usage.',
      label: wanted.label ?? draft.label ?? '',
      synonyms: wanted.synonyms ?? draft.synonyms,
      caveats: wanted.caveats ?? draft.caveats,
    },
  };
}

async function propose(wish: DefinitionWish, by = 'leo', viewId?: string) {
  views += 1;
  const who = await person(by);
  return proposeChange(services, {
    wish,
    person: who,
    actor: { personId: who.id, kind: 'person', channel: 'slack' },
    viewId: viewId ?? `V${views}`,
    now: services.clock.now(),
  });
}

async function requestOf(id: string): Promise<string> {
  const row = await services.db
    .selectFrom('approval_request')
    .select('id')
    .where('subject_id', '=', id)
    .executeTakeFirstOrThrow();
  return row.id;
}

async function decide(
  id: string,
  by: string,
  verdict: 'approve' | 'deny' = 'approve',
  kind: Actor['kind'] = 'person',
) {
  const who = await person(by);
  return services.approvals.decide({
    requestId: await requestOf(id),
    personId: who.id,
    actor: { personId: who.id, kind, channel: 'slack' },
    verdict,
    reason: verdict === 'deny' ? 'The present text is right.' : null,
    now: services.clock.now(),
  });
}

const stateOf = async (id: string): Promise<string> =>
  (
    await services.db
      .selectFrom('definition_change')
      .select('state')
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
  ).state;

/** What was posted, and what waits for its reader's morning. */
const postsOf = async (prefix: string) => {
  const posted = await services.db
    .selectFrom('slack_message')
    .select(['key', 'channel_id', 'person_id', 'variant'])
    .where('key', 'like', `${prefix}%`)
    .orderBy('key')
    .execute();
  const waiting = await services.db
    .selectFrom('notice_waiting')
    .select(['key', 'person_id', 'variant'])
    .where('key', 'like', `${prefix}%`)
    .orderBy('key')
    .execute();
  return [...waiting.map((row) => ({ ...row, channel_id: null })), ...posted];
};

describe('a definition change', () => {
  it('of a board metric takes its owner and finance, then waits for the source, then is announced', async () => {
    const { id, reference, state } = await propose(change('mrr'));
    expect([reference, state]).toEqual(['DEF-1', 'pending']);
    await decide(id, 'owen');
    expect(await stateOf(id)).toBe('proposed');
    expect(await pendingDefinition(services.db, idOf('mrr'))).toBeNull();
    await decide(id, 'fay');
    expect(await stateOf(id)).toBe('approved');
    expect(await pendingDefinition(services.db, idOf('mrr'))).toMatchObject({
      reference: 'DEF-1',
      kind: 'change',
    });

    services.clock.advance(60_000);
    await sync({
      ...snapshot,
      assets: [{ ...mrr, description: 'Something else.' }, ...snapshot.assets.slice(1)],
    });
    expect(await stateOf(id)).toBe('approved');

    const leo = await person('leo');
    await services.db
      .insertInto('question')
      .values([
        question(leo.id, new Date(services.clock.now().getTime() - 80 * 86_400_000)),
        question((await person('dora')).id, new Date(services.clock.now().getTime() - 100 * 86_400_000)),
      ])
      .execute();
    await sync({
      ...snapshot,
      assets: [
        { ...mrr, description: 'Recurring fees of the month,\n  without usage.' },
        ...snapshot.assets.slice(1),
      ],
    });
    expect(await stateOf(id)).toBe('in-source');
    expect(await pendingDefinition(services.db, idOf('mrr'))).toBeNull();
    await sendReleaseNote(services, { changeId: id, now: services.clock.now() });
    await sendReleaseNote(services, { changeId: id, now: services.clock.now() });
    expect((await postsOf(`definition:${id}:release`)).map((row) => row.person_id ?? row.channel_id)).toEqual(
      expect.arrayContaining([leo.id, 'C0NEWS']),
    );
    expect(await postsOf(`definition:${id}:release`)).toHaveLength(2);
  });

  it('that wants a name which another one asks for is refused until that is decided, and when it was given away meanwhile', async () => {
    const names = ['signed value', 'gross intake'];
    const { id, reference } = await propose(
      change('bookings', { description: 'Signed contracts.', synonyms: names }),
    );
    const second = change('orders', { description: 'Orders placed.', synonyms: ['Gross  intake'] });
    await expect(propose(second)).rejects.toMatchObject({
      fields: {
        synonyms: `“Gross  intake” is to name bookings (${reference}, not decided yet). Choose other words.`,
      },
    });
    const label = change('orders', { description: 'Orders placed.', label: 'Gross intake' });
    await expect(propose(label)).rejects.toMatchObject({
      fields: { label: expect.stringContaining('Gross intake') },
    });
    await decide(id, 'owen');
    await expect(propose(second)).rejects.toMatchObject({
      fields: { synonyms: expect.stringContaining(`(${reference}, approved and not in the source yet)`) },
    });
  });

  it('whose new name its owner gave to something else meanwhile is not approved, and says what has it', async () => {
    const wish = change('orders', { description: 'Orders placed.', synonyms: ['gross intake'] });
    const { id, reference } = await propose(wish);
    const now = services.clock.now();
    await services.db
      .insertInto('alias')
      .values({
        asset_id: idOf('bookings'),
        text: 'Gross intake',
        folded: 'gross intake',
        state: 'accepted',
        proposed_at: now,
      })
      .execute();
    await expect(decide(id, 'owen')).rejects.toMatchObject({
      message: `“gross intake” names bookings meanwhile, and a name leads to one thing. Nothing was approved: deny ${reference}, and have it proposed again with other words.`,
    });
    expect(await stateOf(id)).toBe('proposed');
    await decide(id, 'owen', 'deny');
    expect(await stateOf(id)).toBe('denied');
  });

  it('that is denied changes nothing and may be proposed again', async () => {
    const { id } = await propose(change('orders', { description: 'Orders placed and paid.' }));
    await decide(id, 'owen', 'deny');
    expect(await stateOf(id)).toBe('denied');
    const again = await propose(change('orders', { description: 'Orders placed and paid.' }));
    expect(again.reference).toBe('DEF-2');
  });

  it('whose words the source had before it was approved is in force all the same', async () => {
    const { id } = await propose(change('orders', { description: 'Orders placed and paid.' }));
    const orders = metric('orders', { description: 'Orders placed and paid.' });
    await sync({ ...snapshot, assets: snapshot.assets.map((one) => (one.name === 'orders' ? orders : one)) });
    await decide(id, 'owen');
    expect(await stateOf(id)).toBe('approved');
    await settleApproved(services.db, services.clock.now());
    expect(await stateOf(id)).toBe('in-source');
  });

  it('that its source never takes is remembered by whoever proposed it and the owner, ever more rarely, until one of them withdraws it', async () => {
    const { id } = await propose(change('orders', { description: 'Orders placed and paid.' }));
    await decide(id, 'owen');
    const [leo, owen, dora] = await Promise.all(['leo', 'owen', 'dora'].map(person));
    const reminded = async () => {
      await remindOfApproved(services, services.clock.now());
      return (await postsOf(`definition:${id}:waits:`)).map((row) => row.person_id);
    };
    services.clock.advance(6 * 86_400_000);
    expect(await reminded()).toEqual([]);
    services.clock.advance(86_400_000);
    expect((await reminded()).sort()).toEqual([leo?.id, owen?.id].sort());
    services.clock.advance(6 * 86_400_000);
    expect(await reminded()).toHaveLength(2);
    services.clock.advance(86_400_000);
    expect(await reminded()).toHaveLength(4);
    const withdraw = (who: typeof leo) =>
      withdrawApproved(services, {
        changeId: id,
        person: who as NonNullable<typeof leo>,
        actor: { personId: who?.id ?? null, kind: 'person', channel: 'slack' },
        now: services.clock.now(),
      });
    await expect(withdraw(dora)).rejects.toBeInstanceOf(NotAllowedError);
    expect(await withdraw(leo)).toBe('DEF-1');
    await expect(withdraw(owen)).rejects.toThrow('withdrawn');
    expect(await stateOf(id)).toBe('withdrawn');
    expect(await pendingDefinition(services.db, idOf('orders'))).toBeNull();
    expect((await postsOf(`definition:${id}:withdrawn:`)).map((row) => row.person_id)).toEqual([owen?.id]);
    services.clock.advance(90 * 86_400_000);
    expect(await reminded()).toHaveLength(4);
  });

  it('is reminded of after one week, two, four and eight', () => {
    const since = new Date('2026-03-02T10:00:00Z');
    const after = (weeks: number) => remindersDue(since, new Date(since.getTime() + weeks * 7 * 86_400_000));
    expect([0, 0.9, 1, 1.9, 2, 3.9, 4, 8].map(after)).toEqual([0, 0, 1, 1, 2, 2, 3, 4]);
  });

  it('sent twice by the same form is one request, and a second one waits for the decision of the first', async () => {
    const wish = change('orders', { description: 'Orders placed and paid.' });
    const [one, two] = await Promise.all([propose(wish, 'leo', 'VSAME'), propose(wish, 'leo', 'VSAME')]);
    expect(one.id).toBe(two.id);
    await expect(propose(wish, 'dora')).rejects.toMatchObject({
      fields: { reason: expect.stringMatching(/DEF-1/) },
    });
  });

  it.each([
    ['nothing differs', change('mrr', { description: '  Recurring fees\nof the month. ' }), 'description'],
    ['it is empty', change('mrr', { description: ' ' }), 'description'],
    ['another one has the label', change('mrr', { label: 'Bookings' }), 'label'],
    ['another one has the alias', change('mrr', { synonyms: ['Signed  value'] }), 'synonyms'],
    ['an alias stands there twice', change('mrr', { synonyms: ['run fees', 'Run  fees'] }), 'synonyms'],
    ['a glossary has the alias as a term', change('mrr', { synonyms: ['gross margin'] }), 'synonyms'],
    ['tier 1 would be left without caveats', change('mrr', { caveats: [] }), 'caveats'],
    [
      'its day is in a freeze',
      { ...change('mrr'), effectiveDate: '2026-03-31' } as DefinitionWish,
      'effective',
    ],
    ['its day is past', { ...change('mrr'), effectiveDate: '2026-02-20' } as DefinitionWish, 'effective'],
    ['policy wants a longer reason', { ...change('mrr'), reason: 'why not' }, 'reason'],
  ])('is refused before it is sent when %s', async (_, wish, field) => {
    const checked = checkWish(services, { wish, person: await person('leo'), now: services.clock.now() });
    await expect(checked).rejects.toMatchObject({ fields: { [field]: expect.any(String) } });
  });

  it('tells whoever approves what its words point at and nobody may know of', () => {
    const { view } = services.catalog.current();
    const asset = view.get(idOf('mrr'));
    if (!asset) throw new Error('no mrr');
    const mayKnow = (one: { tags: readonly string[] }): boolean => !one.tags.includes('secret');
    const points = (description: string): string[] => brokenReferences(view, asset, { description }, mayKnow);
    expect(points('Like `metric.acme.orders`, without `paid` ones: metric("bookings").')).toEqual([]);
    expect(points("From `fct_nope` and ref('stg_gone'), like `secret_margin`.")).toEqual([
      'fct_nope',
      'stg_gone',
      'secret_margin',
    ]);
  });

  it('of something hidden is answered like one that does not exist', async () => {
    const hidden = propose({ ...change('orders'), assetId: idOf('secret_margin') });
    await expect(hidden).rejects.toBeInstanceOf(NotFoundError);
    const gone = propose({ ...change('orders'), assetId: idOf('no_such') });
    await expect(gone).rejects.toBeInstanceOf(NotFoundError);
  });

  it('is not for guests', async () => {
    await expect(propose(change('orders'), 'kai')).rejects.toBeInstanceOf(NotAllowedError);
  });

  it('is never approved by whoever proposed it, nor by an agent, a service or the operator, whatever team they are in', async () => {
    const { id } = await propose(change('orders', { description: 'Orders placed and paid.' }), 'owen').catch(
      () => ({ id: null }),
    );
    // Owen is the only owner, so nobody could approve his own proposal: it is refused at once.
    expect(id).toBeNull();
    const { id: board } = await propose(change('mrr'));
    await expect(decide(board, 'leo')).rejects.toBeInstanceOf(NotAllowedError);
    for (const kind of ['bot', 'service', 'operator'] as const) {
      await services.db.updateTable('person').set({ kind }).where('email', '=', 'owen@example.com').execute();
      await expect(decide(board, 'owen')).rejects.toThrow();
    }
    expect(await stateOf(board)).toBe('proposed');
    await services.db
      .updateTable('person')
      .set({ kind: 'member' })
      .where('email', '=', 'owen@example.com')
      .execute();
    expect((await decide(board, 'owen')).text).toMatch(/"Owner" is done/);
  });

  it('moves by its table only', () => {
    for (const from of definitionStates)
      if (from !== 'proposed' && from !== 'approved') expect(definitionTransitions[from]).toEqual([]);
    expect(definitionTransitions.approved).toEqual(['in-source', 'withdrawn']);
  });
});

it.each([
  [['a', 'b'], ['b'], ['b', 'added by the connector'], true],
  [['a'], ['a', 'b'], ['b', 'a'], true],
  [['a', 'b'], ['b'], ['a', 'b'], false],
  [['a'], ['a', 'b'], ['a', 'c'], false],
])('caveats %j proposed as %j and read as %j are in the source: %s', (before, proposed, now, expected) => {
  const text = (caveats: string[]) => ({ description: 'd', label: 'l', synonyms: [], caveats });
  expect(fulfils(text(now), { caveats: proposed }, text(before))).toBe(expected);
});

describe('a deprecation', () => {
  const wish: DefinitionWish = {
    kind: 'deprecate',
    assetId: idOf('mrr'),
    reason: 'Bookings says more.',
    successor: 'bookings',
    lastDay: '2026-03-20',
  };

  it('tells the owners of what is built from it at the start, half-way and on the last day', async () => {
    const { id } = await propose(wish);
    await decide(id, 'owen');
    await decide(id, 'fay');
    const timers = await services.db
      .selectFrom('outbox')
      .select(['key', 'run_at'])
      .where('kind', '=', 'definition.notice')
      .orderBy('run_at')
      .execute();
    const times = noticeTimes(services.clock.now(), '2026-03-20');
    expect(timers.map((timer) => timer.run_at)).toEqual([times.start, times.half, times.end]);
    expect(times.end.toISOString().slice(0, 10)).toBe('2026-03-20');
    const dora = await person('dora');
    for (const phase of ['start', 'half', 'end'] as const) {
      await sendNotices(services, { changeId: id, phase, now: services.clock.now() });
      const posts = await postsOf(`definition:${id}:${phase}:`);
      expect(posts.map((row) => row.person_id ?? row.channel_id)).toEqual(
        expect.arrayContaining([dora.id, 'C0NEWS']),
      );
    }
    expect(await pendingDefinition(services.db, idOf('mrr'))).toMatchObject({ successor: 'bookings' });
  });

  it('that is due at several moments at once, after days without a process, is told once', () => {
    const made = { approved_at: new Date('2026-03-02T10:00:00Z'), last_day: '2026-03-20' };
    const dueOn = (day: string) =>
      (['start', 'half', 'end'] as const).filter(
        (phase) =>
          noticeTimes(made.approved_at, made.last_day)[phase] <= new Date(day) &&
          !isOvertaken(made, phase, new Date(day)),
      );
    expect(dueOn('2026-03-03T10:00:00Z')).toEqual(['start']);
    expect(dueOn('2026-03-12T10:00:00Z')).toEqual(['half']);
    expect(dueOn('2026-03-25T10:00:00Z')).toEqual(['end']);
    const short = { approved_at: new Date('2026-03-02T10:00:00Z'), last_day: '2026-03-03' };
    expect(isOvertaken(short, 'start', new Date('2026-03-03T07:00:00Z'))).toBe(false);
    expect(isOvertaken(short, 'start', new Date('2026-03-03T09:00:00Z'))).toBe(true);
  });

  it('that is withdrawn once approved leaves the answers, and who was warned hears that it stays', async () => {
    const { id } = await propose(wish);
    await decide(id, 'owen');
    await decide(id, 'fay');
    const owen = await person('owen');
    await withdrawApproved(services, {
      changeId: id,
      person: owen,
      actor: { personId: owen.id, kind: 'person', channel: 'slack' },
      now: services.clock.now(),
    });
    expect(await pendingDefinition(services.db, idOf('mrr'))).toBeNull();
    const now = services.clock.now();
    expect(await sendNotices(services, { changeId: id, phase: 'half', now })).toBe(0);
    expect(await sendNotices(services, { changeId: id, phase: 'withdrawn', now })).toBeGreaterThan(0);
    const told = (await postsOf(`definition:${id}:withdrawn:`)).map((row) => row.person_id ?? row.channel_id);
    expect(told).toEqual(expect.arrayContaining([(await person('dora')).id, 'C0NEWS']));
  });

  it.each([
    ['unknown', 'no such thing'],
    ['itself', 'mrr'],
    ['hidden from the proposer', 'secret_margin'],
  ])('is refused when its successor is %s', async (_, successor) => {
    const checked = checkWish(services, {
      wish: { ...wish, successor },
      person: await person('leo'),
      now: services.clock.now(),
    });
    await expect(checked).rejects.toMatchObject({ fields: { successor: expect.any(String) } });
  });
});

function question(personId: string, at: Date) {
  return {
    at,
    person_id: personId,
    surface: 'command',
    text: 'mrr',
    folded: 'mrr',
    intent: 'define',
    outcome: 'answered' as const,
    asset_id: idOf('mrr'),
    use: 'general',
    ms: 3,
  };
}
