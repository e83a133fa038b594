import { beforeAll, expect, it } from 'vitest';
import { gatherRegistrations } from '../../src/app.js';
import { formInputs } from '../../src/contract/action-ids.js';
import type { Caller } from '../../src/slack/surface.js';
import { makeTestDatabase } from '../helpers/database.js';
import { makeTestServices, type TestServices, testMorning } from '../helpers/services.js';

let services: TestServices;
let caller: Caller;

beforeAll(async () => {
  services = await makeTestServices({
    database: await makeTestDatabase(),
    config: { people: [{ email: 'ana@acme.example', teams: ['data'] }], teams: [{ id: 'data' }] },
  });
  const person = await services.directory.byEmail(services.db, 'ana@acme.example');
  if (person === null) throw new Error('Ana is missing');
  caller = {
    person,
    actor: { personId: person.id, kind: 'person', channel: 'slack' },
    surface: 'shortcut',
    channel: null,
    threadTs: null,
    messageTs: null,
    now: testMorning,
    deliveryKey: 'form-inputs',
  };
});

const { views } = gatherRegistrations();

it('names the inputs of every form', () => {
  expect(Object.keys(formInputs).sort()).toEqual(views.map(({ callbackId }) => callbackId).sort());
});

it.each(['access:request', 'backfill-request', 'incident:declare'])(
  'names each input that an empty %s shows',
  async (callbackId) => {
    const handler = views.find((view) => view.callbackId === callbackId);
    const view = await handler?.build(services, caller, {});
    const shown = (view?.blocks ?? []).flatMap((block) =>
      block.type === 'input' && block.block_id !== undefined ? [block.block_id] : [],
    );
    expect(shown.length).toBeGreaterThan(0);
    expect(formInputs[callbackId]).toEqual(expect.arrayContaining(shown));
  },
);
