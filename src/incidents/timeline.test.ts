import { describe, expect, it } from 'vitest';
import { closeIncident } from './close.js';
import { type Incident, loadIncident } from './incident.js';
import { resolve } from './life.js';
import { mergeIncident } from './merge.js';
import { makeIncidentWorld } from './testing/world.js';
import {
  addEntry,
  addNote,
  followMessage,
  markKnown,
  timelineOf,
  unmark,
  wholeTimeline,
} from './timeline.js';
import { editEntry, originalOf } from './timeline-edit.js';

let serial = 0;
const wentBad = new Date('2026-03-02T06:00:00Z');

const { services, ivo, declared } = await makeIncidentWorld();
const on = (incident: Incident) => ({ incidentId: incident.id, actor: ivo, now: services.clock.now() });
const words = async ({ id }: Incident) => (await timelineOf(services, id)).map(({ text }) => text);

/** A message of the incident's channel that one person marked. */
async function marked(incident: Incident, text: string): Promise<{ sourceKey: string; entryId: string }> {
  serial += 1;
  const sourceKey = `C0CHANNEL:${serial}.000100`;
  await services.db.transaction().execute((trx) =>
    addEntry(trx, {
      incidentId: incident.id,
      at: services.clock.now(),
      kind: 'message',
      text,
      origin: 'emoji',
      sourceKey,
      data: { marks: ['U0IVO'] },
      now: services.clock.now(),
    }),
  );
  return { sourceKey, entryId: (await entryOf(incident, sourceKey)).id };
}
async function entryOf({ id }: Incident, sourceKey: string) {
  const found = (await wholeTimeline(services, id).execute()).find((one) => one.source_key === sourceKey);
  if (found === undefined) throw new Error(`no entry ${sourceKey}`);
  return found;
}

describe('a timeline', () => {
  it('keeps entries of one instant in the order in which they were written', async () => {
    const incident = await declared();
    const lines = Array.from({ length: 12 }, (_, index) => `line ${index}`);
    for (const text of lines) await addNote(services, { ...on(incident), text });
    expect((await words(incident)).slice(-12)).toEqual(lines);
    expect((await words(incident))[0]).toContain('declared');
  });

  it('follows what becomes of a marked message, and brings the cards that show it up to date', async () => {
    const incident = await declared();
    const { sourceKey } = await marked(incident, 'the laoder hangs');
    const updates = async () =>
      (await services.db.selectFrom('outbox').select('id').where('kind', '=', 'slack.update').execute())
        .length;
    await services.db.deleteFrom('outbox').where('kind', '=', 'slack.update').execute();
    const now = services.clock.now();
    expect(await followMessage(services, { sourceKey, text: 'the loader hangs', now })).toBe(true);
    expect(await words(incident)).toContain('the loader hangs');
    expect(await updates()).toBeGreaterThan(0);
    expect(await followMessage(services, { sourceKey, text: 'the loader hangs', now })).toBe(false);
  });

  it('keeps words that somebody put right by hand when the message is edited or deleted afterwards, and what was first written with them', async () => {
    const incident = await declared();
    const { sourceKey, entryId } = await marked(incident, 'teh loader hangs');
    await editEntry(services, { ...on(incident), entryId, text: 'The loader hung for an hour' });
    for (const text of ['the loader hangs!!', 'The message was deleted.'])
      await followMessage(services, { sourceKey, text, now: services.clock.now() });
    const entry = await entryOf(incident, sourceKey);
    expect(entry.text).toBe('The loader hung for an hour');
    expect(originalOf(entry.data)?.text).toBe('teh loader hangs');
  });

  it('follows the words of a message whose time alone was put right', async () => {
    const incident = await declared();
    const { sourceKey, entryId } = await marked(incident, 'rows are back');
    const at = new Date(services.clock.now().getTime() - 600_000);
    await editEntry(services, { ...on(incident), entryId, at });
    for (const text of ['rows are back since ten', 'rows are back since eleven'])
      await followMessage(services, { sourceKey, text, now: services.clock.now() });
    expect(await entryOf(incident, sourceKey)).toMatchObject({ text: 'rows are back since eleven', at });
  });

  it('leaves out what somebody left out by hand, however many mark it, until it is taken in again', async () => {
    const incident = await declared();
    const { sourceKey, entryId } = await marked(incident, 'lunch?');
    const now = services.clock.now();
    await editEntry(services, { ...on(incident), entryId, hidden: true });
    await markKnown(services, { incidentId: incident.id, sourceKey, slackId: 'U0FAY', now });
    await unmark(services, { sourceKey, slackId: 'U0IVO', now });
    expect(await words(incident)).not.toContain('lunch?');
    await editEntry(services, { ...on(incident), entryId, hidden: false });
    expect(await words(incident)).toContain('lunch?');
    await unmark(services, { sourceKey, slackId: 'U0FAY', now });
    expect(await words(incident)).not.toContain('lunch?');
    await markKnown(services, { incidentId: incident.id, sourceKey, slackId: 'U0FAY', now });
    expect(await words(incident)).toContain('lunch?');
  });
});

describe('when the data went bad', () => {
  const starts = async ({ id }: Incident) =>
    (await timelineOf(services, id)).filter(({ text }) => text === 'The data went bad').map(({ at }) => at);
  const startedAt = async ({ id }: Incident) => (await loadIncident(services.db, id))?.started_at;

  it('is one line of the timeline whether it was known at the declaration or is said at closing', async () => {
    const known = await declared({ startedAt: wentBad });
    expect(await starts(known)).toEqual([wentBad]);
    const late = await declared();
    expect(await starts(late)).toEqual([]);
    await resolve(services, on(late));
    const closing = { ...on(late), cause: 'late loader' };
    await expect(
      closeIncident(services, { ...closing, startedAt: new Date('2026-03-02T10:30:00Z') }),
    ).rejects.toThrow('Nothing was changed.');
    await closeIncident(services, { ...closing, startedAt: wentBad });
    expect(await starts(late)).toEqual([wentBad]);
    const audited = await services.db
      .selectFrom('audit')
      .select('after')
      .where('subject_id', '=', late.id)
      .where('action', '=', 'incident.key-times')
      .execute();
    expect(audited).toEqual([{ after: { started: wentBad.toISOString() } }]);
  });

  it('is the earlier of two that become one', async () => {
    const [from, into] = [await declared({ startedAt: wentBad }), await declared()];
    await mergeIncident(services, { ...on(from), intoId: into.id });
    expect(await starts(into)).toEqual([wentBad]);
    expect(await startedAt(into)).toEqual(wentBad);
  });

  it('moves as a key time when somebody moves its line', async () => {
    const incident = await declared({ startedAt: wentBad });
    const [line] = (await timelineOf(services, incident.id)).filter(
      ({ text }) => text === 'The data went bad',
    );
    const earlier = new Date('2026-03-02T05:15:00Z');
    await editEntry(services, { ...on(incident), entryId: line?.id ?? '', at: earlier });
    expect(await startedAt(incident)).toEqual(earlier);
    expect(await starts(incident)).toEqual([earlier]);
  });
});
