import { expect, it } from 'vitest';
import { draft } from '../../src/answers/test-catalog.js';
import { lineagePictureCard } from '../../src/slack/cards/lineage-picture.js';
import type { Caller } from '../../src/slack/surface.js';
import { makeTestDatabase } from '../../test/helpers/database.js';
import { makeTestServices } from '../../test/helpers/services.js';
import { answerLookActions } from './answer-look.js';

const database = await makeTestDatabase({ max: 4 });
const services = await makeTestServices({
  database,
  config: {
    people: [{ email: 'ana@shop.example' }],
    catalog: { visibility: [{ match: { tag: 'hr' }, teams: [], otherwise: 'hidden' }] },
  },
  catalog: {
    shop: {
      assets: [
        draft('metric', 'net_revenue', { exampleQuery: 'select sum(amount) from orders where amount < 5' }),
        draft('metric', 'wage', { tags: ['hr'] }),
        draft('model', 'salaries', { tags: ['hr'] }),
        draft('source', 'bookings'),
        draft('exposure', 'board'),
      ],
      edges: [
        { from: 'model.shop.salaries', to: 'metric.shop.net_revenue', kind: 'measures' },
        { from: 'source.shop.bookings', to: 'model.shop.salaries', kind: 'upstream' },
        { from: 'metric.shop.net_revenue', to: 'exposure.shop.board', kind: 'exposes' },
      ],
      signals: [],
      warnings: [],
      info: {},
    },
  },
});
const personId = await services.personId('ana@shop.example');
const person = await services.directory.byId(database.db, personId);
const idOf = (name: string): string => services.catalog.current().view.byName(name)[0]?.id ?? '';

function press(actionId: string, name: string) {
  if (!person) throw new Error('no person');
  const handler = answerLookActions.find((one) => one.actionId === actionId);
  if (!handler) throw new Error(`no ${actionId}`);
  const caller: Caller = {
    person,
    actor: { personId, kind: 'person', channel: 'slack' },
    surface: 'button',
    channel: null,
    threadTs: null,
    messageTs: null,
    now: services.clock.now(),
    deliveryKey: `${actionId}:${name}`,
  };
  return handler.run(services, { caller, actionId, value: idOf(name), state: {}, view: null });
}

it('gives the example query as a block that can be copied, to the asker', async () => {
  const { reply } = await press('answer:query', 'net_revenue');
  expect(reply?.visibility).toBe('asker');
  expect(JSON.stringify(reply?.blocks)).toContain('```\\nselect sum(amount) from orders where amount &lt; 5');
  expect((await press('answer:query', 'board')).reply?.text).toContain('no example query');
});

it('sends the picture of the lineage to the asker alone', async () => {
  await press('answer:picture', 'net_revenue');
  const sent = await database.db
    .selectFrom('slack_message')
    .select(['card_kind', 'card_id', 'person_id', 'channel_id'])
    .execute();
  expect(sent).toEqual([
    {
      card_kind: 'lineage-picture',
      card_id: `${idOf('net_revenue')}|${personId}`,
      person_id: personId,
      channel_id: null,
    },
  ]);
});

it('draws what the asker may see, with a text that says the same, and joins what stands behind something hidden', async () => {
  const card = await lineagePictureCard.render(services, `${idOf('net_revenue')}|${personId}`, {
    variant: 'asker',
    now: services.clock.now(),
  });
  expect(card?.image?.altText).toContain('Built from: bookings. Used by: board.');
  expect(card?.text).not.toContain('salaries');
  expect(
    Buffer.from(card?.image?.png ?? [])
      .subarray(1, 4)
      .toString(),
  ).toBe('PNG');
});

it('knows nothing of what is hidden', async () => {
  await expect(press('answer:query', 'wage')).rejects.toMatchObject({ code: 'not_found' });
  await expect(press('answer:picture', 'wage')).rejects.toMatchObject({ code: 'not_found' });
  const context = { variant: 'asker', now: services.clock.now() };
  expect(await lineagePictureCard.render(services, `${idOf('wage')}|${personId}`, context)).toBeNull();
});
