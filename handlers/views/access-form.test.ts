import { expect, it } from 'vitest';
import { makeAccessFixture } from '../../src/access/fixture.js';
import { loadPolicy } from '../../src/approvals/policy/policy-store.js';
import type { Caller } from '../../src/slack/surface.js';
import { accessForm } from './access-form.js';
import { readFormState } from './access-form-state.js';

const fixture = await makeAccessFixture(`
version: 1
rules:
  - name: nobody-writes
    kind: access
    when: { level: write, classification: pii }
    deny: Nobody writes to personal data by hand.
  - name: personal
    kind: access
    when: { level: [masked, read], classification: pii }
    stages: [{ name: Owner, from: [owner] }]
  - name: open
    kind: access
    when: { level: read }
    autoApprove: Nothing personal in it.
`);

/** The levels the form shows somebody for a dataset, and everything it says. */
async function formOf(dataset: string, who = 'maya'): Promise<{ levels: string[]; words: string }> {
  const { services, assetId, person, actor } = fixture;
  const caller: Caller = {
    person: await person(who),
    actor: await actor(who),
    surface: 'command',
    channel: null,
    threadTs: null,
    messageTs: null,
    now: services.clock.now(),
    deliveryKey: dataset,
  };
  const form = await accessForm(
    services,
    caller,
    { ...readFormState({}), datasetId: assetId(dataset) },
    false,
  );
  const levels = form.blocks.flatMap((block) =>
    'element' in block && block.block_id === 'level' && block.element.type === 'static_select'
      ? (block.element.options ?? []).map((option) => option.value ?? '')
      : [],
  );
  return { levels, words: JSON.stringify(form.blocks) };
}

it('offers only the levels that policy has a way for: none that a rule denies, none without a rule [A-form-levels]', async () => {
  expect((await formOf('payouts')).levels).toEqual(['masked', 'read']);
  expect((await formOf('calendar')).levels).toEqual(['read']);
});

it('says before anything is written who has no login, and whom to ask [A-no-login]', async () => {
  expect((await formOf('payouts', 'leo')).words).toMatch(
    /You have no login in the warehouse .*main.*Ask Gina/,
  );
  expect((await formOf('payouts')).words).not.toContain('no login');
});

it('says why before anything is sent where policy has a way for no level', async () => {
  const { services } = fixture;
  const text = 'version: 1\nrules:\n  - { name: b, kind: backfill, autoApprove: fine }\n';
  await loadPolicy(services, async () => [{ path: 'access.yml', text }], {
    actor: { personId: null, kind: 'system', channel: 'cli' },
    now: services.clock.now(),
  });
  expect((await formOf('calendar')).words).toContain('No rule of the access policy covers this');
});
