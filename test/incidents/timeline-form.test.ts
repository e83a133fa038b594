import { beforeAll, describe, expect, it } from 'vitest';
import { startTestSteward, type TestSteward } from '../helpers/steward.js';
import { doorOf, until } from './door.js';

let app: TestSteward;
const { newest, declare, command, deadWork } = doorOf(() => app);
const minute = 60_000;
/** The incident that the steps share. */
let number = 0;
let id = '';

beforeAll(async () => {
  app = await startTestSteward({
    config: ['slack: { channels: { incidents: general } }', 'authority: { dataTeam: [data] }'].join('\n'),
  });
  const declared = await declare('Orders look halved', 'sev2');
  number = declared.number ?? 0;
  id = declared.id ?? '';
  await command(`/incident note ${number} teh loader was restarted`);
  await command(`/incident note ${number} wrong channel, sorry`);
  await command(`/incident ack ${number}`);
  await command(`/incident mitigate ${number} the loader ran again`);
  await command(`/incident resolve ${number}`);
  await until(newest, ({ state }) => state === 'resolved');
}, 180_000);

const seconds = (at: number): number => Math.floor(at / 1_000);
const now = (): number => app.steward.services.clock.now().getTime();
const entries = async () =>
  app.database.db
    .selectFrom('incident_event')
    .selectAll()
    .where('incident_id', '=', id)
    .orderBy('at')
    .execute();
const entry = async (words: string) => {
  const found = (await entries()).find(({ text }) => text.includes(words));
  if (found === undefined) throw new Error(`no entry "${words}"`);
  return found;
};
const review = async (as = 'ana') => (await command(`/incident review ${number}`, as)).reply;
const open = (as = 'ana') => command(`/incident timeline ${number}`, as);
async function edit(words: string, values: Record<string, unknown>): Promise<void> {
  const { id: entryId } = await entry(words);
  await open();
  const value = `${id}|${entryId}`;
  const pushed = await app.act({ as: 'ana', do: 'click', action_id: 'incident:timeline-entry', value });
  expect(pushed).toMatchObject({ ok: true });
  expect(await app.act({ as: 'ana', do: 'submit', values })).toMatchObject({ ok: true });
}
const audited = async (action: 'incident.timeline-edit' | 'incident.key-times' | 'incident.note') =>
  app.database.db
    .selectFrom('audit')
    .leftJoin('audit_text', 'audit_text.audit_id', 'audit.id')
    .select(['before', 'after', 'audit_text.text'])
    .where('subject_id', '=', id)
    .where('action', '=', action)
    .orderBy('audit.id')
    .execute();

describe('the form of the timeline', () => {
  it('lists every entry with the key times, and can be reached from the card and from the review', async () => {
    const { view } = await open();
    const shown = JSON.stringify(view);
    for (const words of [`INC-${number} declared`, 'teh loader was restarted', '*resolved*', 'Key times'])
      expect(shown).toContain(words);
    expect(JSON.stringify((await review())?.blocks)).toContain('"incident:timeline"');
    const card = (await app.messages({ channel: 'general' })).find(({ text }) =>
      text.startsWith(`INC-${number}, Sev 2, resolved`),
    );
    expect(JSON.stringify(card?.blocks)).toContain(`incident:timeline|${id}`);
  });

  it('puts words right: the review follows, and what was first written stays with the entry', async () => {
    await edit('teh loader', { text: 'The loader was restarted by hand' });
    await until(
      async () => JSON.stringify((await review())?.blocks),
      (blocks) => blocks.includes('The loader was restarted by hand') && !blocks.includes('teh loader'),
    );
    const { id: entryId, data } = await entry('restarted by hand');
    expect(data.original).toMatchObject({ text: 'teh loader was restarted' });
    await open();
    const form = await app.act({
      as: 'ana',
      do: 'click',
      action_id: 'incident:timeline-entry',
      value: `${id}|${entryId}`,
    });
    expect(JSON.stringify(form.view)).toContain('teh loader was restarted');
    expect(await audited('incident.timeline-edit')).toMatchObject([
      {
        before: { entry: entryId, hidden: false },
        after: { entry: entryId, hidden: false },
        text: JSON.stringify({
          before: 'teh loader was restarted',
          after: 'The loader was restarted by hand',
        }),
      },
    ]);
  }, 60_000);

  it('moves an entry in time, but not into the future, and keeps when it was first', async () => {
    const before = (await entry('restarted by hand')).at;
    const earlier = now() - 30 * minute;
    await open();
    await app.act({
      as: 'ana',
      do: 'click',
      action_id: 'incident:timeline-entry',
      value: `${id}|${(await entry('restarted by hand')).id}`,
    });
    const refused = await app.act({
      as: 'ana',
      do: 'submit',
      values: { at: seconds(now() + 60 * minute) },
    });
    expect(refused.ok).toBe(false);
    expect(JSON.stringify(refused)).toContain('That lies in the future.');
    expect(await app.act({ as: 'ana', do: 'submit', values: { at: seconds(earlier) } })).toMatchObject({
      ok: true,
    });
    await until(entries, ([first]) => first?.text === 'The loader was restarted by hand');
    expect((await entry('restarted by hand')).data.original).toMatchObject({ at: before.toISOString() });
  }, 60_000);

  it('takes an entry out of the review and back into it', async () => {
    await edit('wrong channel', { out: ['out'] });
    await until(
      async () => JSON.stringify((await review())?.blocks),
      (blocks) => !blocks.includes('wrong channel'),
    );
    expect(JSON.stringify((await open()).view)).toContain('~wrong channel, sorry~');
    await edit('wrong channel', { out: [] });
    await until(
      async () => JSON.stringify((await review())?.blocks),
      (blocks) => blocks.includes('wrong channel'),
    );
  }, 60_000);

  it('adds what nobody wrote when it happened', async () => {
    await open();
    await app.act({ as: 'ana', do: 'click', action_id: 'incident:timeline-add', value: id });
    const at = now() - 90 * minute;
    await app.act({
      as: 'ana',
      do: 'submit',
      values: { text: 'A customer called about it', at: seconds(at) },
    });
    await until(entries, ([first]) => first?.text === 'A customer called about it');
    expect((await audited('incident.note')).at(-1)?.text).toBe(
      JSON.stringify({ text: 'A customer called about it' }),
    );
  }, 60_000);

  it('puts key times right, in an order that can be; the durations of the review follow', async () => {
    await open();
    await app.act({ as: 'ana', do: 'click', action_id: 'incident:key-times', value: id });
    const minutesAgo = (count: number): number => seconds(now() - count * minute);
    const refused = await app.act({
      as: 'ana',
      do: 'submit',
      values: { started: minutesAgo(120), detected: minutesAgo(150) },
    });
    expect(JSON.stringify(refused)).toContain('Detected cannot be before started.');
    const values = { started: minutesAgo(120), detected: minutesAgo(100), mitigated: minutesAgo(60) };
    expect(await app.act({ as: 'ana', do: 'submit', values })).toMatchObject({ ok: true });
    await until(
      async () => (await review())?.text ?? '',
      (text) => text.includes('to detect 20 min') && text.includes('to mitigate 1 h'),
    );
    expect((await entries())[0]?.text, 'the timeline says it too').toBe('The data went bad');
    const [row] = await audited('incident.key-times');
    expect(Object.keys(row?.after ?? {}).sort()).toEqual(['detected', 'mitigated', 'started']);
    expect(row?.before).toMatchObject({ started: null });
  }, 60_000);

  it('is read by others, and changed by members of the incident and those who run incidents alone', async () => {
    const shown = JSON.stringify((await open('ben')).view);
    expect(shown).toContain('The loader was restarted by hand');
    expect(shown).not.toContain('incident:timeline-entry');
    await command(`/incident join ${number}`, 'ben');
    await until(
      async () => JSON.stringify((await open('ben')).view),
      (text) => text.includes('incident:timeline-entry'),
    );
    expect(await deadWork()).toEqual([]);
  }, 60_000);

  it('turns pages where the timeline is long', async () => {
    await app.database.db
      .insertInto('incident_event')
      .values(
        Array.from({ length: 65 }, (_, index) => ({
          incident_id: id,
          at: new Date(now() + index),
          kind: 'note',
          text: `line ${index + 1} of many`,
          origin: 'auto' as const,
          created_at: new Date(now()),
        })),
      )
      .execute();
    const last = JSON.stringify((await open()).view);
    expect(last).toContain('line 65 of many');
    expect(last).not.toContain('"line 1 of many');
    const back = await app.act({ as: 'ana', do: 'click', action_id: 'incident:timeline-earlier' });
    expect(back).toMatchObject({ ok: true });
    await until(
      async () => JSON.stringify((await view('ana')) ?? ''),
      (text) => text.includes('Page 2 of 3'),
    );
  }, 60_000);
});

/** The form that stands on top for this person. */
async function view(person: string): Promise<unknown> {
  const answer = await fetch(new URL(`/_play/views?person=${person}`, app.playground.url), {
    headers: { authorization: `Bearer ${app.playground.token}` },
  });
  return ((await answer.json()) as { views: unknown[] }).views.at(-1);
}
