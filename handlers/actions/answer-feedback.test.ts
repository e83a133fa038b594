import { expect, it } from 'vitest';
import { draft } from '../../src/answers/test-catalog.js';
import type { Caller } from '../../src/slack/surface.js';
import { makeTestDatabase } from '../../test/helpers/database.js';
import { makeTestServices } from '../../test/helpers/services.js';
import { answerFeedbackActions } from './answer-feedback.js';

const database = await makeTestDatabase({ max: 4 });
const services = await makeTestServices({
  database,
  config: {
    people: [{ email: 'ana@shop.example' }],
    catalog: { visibility: [{ match: { tag: 'hr' }, teams: [], otherwise: 'hidden' }] },
  },
  catalog: {
    shop: {
      assets: [draft('metric', 'net_revenue'), draft('metric', 'wage', { tags: ['hr'] })],
      edges: [],
      signals: [],
      warnings: [],
      info: {},
    },
  },
});
const personId = await services.personId('ana@shop.example');
const person = await services.directory.byId(database.db, personId);

function press(actionId: string, name: string) {
  if (!person) throw new Error('no person');
  const handler = answerFeedbackActions.find((one) => one.actionId === actionId);
  if (!handler) throw new Error(`no ${actionId}`);
  const caller: Caller = {
    person,
    actor: { personId, kind: 'person', channel: 'slack' },
    surface: 'button',
    channel: null,
    threadTs: null,
    messageTs: null,
    now: services.clock.now(),
    deliveryKey: actionId,
  };
  const value = services.catalog.current().view.byName(name)[0]?.id ?? '';
  return handler.run(services, { caller, actionId, value, state: {}, view: null });
}

it('keeps the last thumb, and puts what did not help into the queue', async () => {
  await press('answer:helpful', 'net_revenue');
  await press('answer:unhelpful', 'net_revenue');
  expect(await database.db.selectFrom('answer_feedback').select('helpful').execute()).toEqual([
    { helpful: false },
  ]);
  expect(await database.db.selectFrom('gap').select(['type', 'title']).execute()).toEqual([
    { type: 'incorrect', title: 'net_revenue' },
  ]);
});

it('opens the forms with the asset filled in', async () => {
  const id = services.catalog.current().view.byName('net_revenue')[0]?.id;
  expect((await press('answer:report', 'net_revenue')).reply?.modal).toEqual({
    callbackId: 'incident:declare',
    params: { asset: id },
  });
  expect((await press('answer:access', 'net_revenue')).reply?.modal).toEqual({
    callbackId: 'access:request',
    params: { dataset: id },
  });
});

it('knows nothing of what is hidden', async () => {
  await expect(press('answer:helpful', 'wage')).rejects.toMatchObject({ code: 'not_found' });
});
