import { expect, it } from 'vitest';
import { makeAccessFixture } from '../../src/access/fixture.js';
import { loadPolicy } from '../../src/approvals/policy/policy-store.js';
import type { Caller, ViewState } from '../../src/slack/surface.js';
import { accessForm } from './access-form.js';
import { readFormState } from './access-form-state.js';
import { accessRequestView } from './access-request.js';

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
    limits: { maxLivePerPerson: 2 }
    autoApprove: Nothing personal in it.
`);

async function callerOf(who: string): Promise<Caller> {
  return {
    person: await fixture.person(who),
    actor: await fixture.actor(who),
    surface: 'command',
    channel: null,
    threadTs: null,
    messageTs: null,
    now: fixture.services.clock.now(),
    deliveryKey: who,
  };
}

/** The levels the form shows somebody for a dataset, and everything it says. */
async function formOf(dataset: string, who = 'maya'): Promise<{ levels: string[]; words: string }> {
  const { services, assetId } = fixture;
  const caller = await callerOf(who);
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

/** The form as it is sent, with these options chosen: block to value. */
async function sent(chosen: Record<string, string>, more: string[] = []) {
  const option = (block: string, value: string): ViewState => ({
    [block]: { [`access:${block}`]: { type: 'static_select', selected_option: { value } } },
  });
  const state: ViewState = {
    ...Object.assign({}, ...Object.entries(chosen).map(([block, value]) => option(block, value))),
    reason: { 'access:reason': { type: 'plain_text_input', value: 'for the quarterly report' } },
    'more-datasets': {
      'access:more-datasets': {
        type: 'multi_external_select',
        selected_options: more.map((value) => ({ value })),
      },
    },
  };
  const submission = {
    caller: await callerOf('maya'),
    callbackId: 'access:request',
    viewId: JSON.stringify([chosen, more]),
    privateMetadata: '',
    state,
  };
  return {
    errors: await accessRequestView.validate(fixture.services, submission),
    submit: () => accessRequestView.submit(fixture.services, submission),
  };
}

it('refuses a level, a time or an account that it does not offer, and puts nothing in its place', async () => {
  const { services, assetId } = fixture;
  const calendar = { dataset: assetId('calendar'), level: 'read', duration: '7d' };
  const requests = async () => (await services.db.selectFrom('access_request').select('id').execute()).length;
  const before = await requests();
  for (const forged of [{ level: 'owner' }, { duration: 'for ever' }, { 'for-service': 'robo' }]) {
    const form = await sent({ ...calendar, ...forged });
    expect(form.errors).toEqual({
      [Object.keys(forged)[0] ?? '']: 'The form does not offer this. Choose again.',
    });
    await expect(form.submit()).rejects.toThrow(
      /does not offer .*Nothing was requested\. Open the form again/,
    );
  }
  expect(await requests()).toBe(before);
});

it('says of each further dataset by its name why it cannot be asked for', async () => {
  const { assetId } = fixture;
  const form = await sent({ dataset: assetId('calendar'), level: 'read', duration: '7d' }, [
    assetId('sheet'),
    'x',
  ]);
  expect(form.errors?.['more-datasets']).toMatch(/^One of them: There is no such dataset.*Leave it out/);
  const masked = await sent({ dataset: assetId('payouts'), level: 'masked', duration: '7d' }, [
    assetId('calendar'),
  ]);
  expect(masked.errors?.['more-datasets']).toMatch(/^calendar: Choose read or write\. Leave it out/);
});

it('says before it is sent that no place is left under the rule, counting those asked for with it', async () => {
  const { assetId, ask } = fixture;
  const calendar = { dataset: assetId('calendar'), level: 'read', duration: '7d' };
  expect((await formOf('calendar')).words).toContain('You get it at once');
  await ask('maya', { dataset: 'calendar' });
  expect((await sent(calendar)).errors).toBeNull();
  expect((await sent(calendar, [assetId('sheet')])).errors?.['more-datasets']).toMatch(
    /^sheet: You have 1 of these already and ask for 1 more beside this one, and the rule "open" allows 2/,
  );
  await ask('maya', { dataset: 'calendar' });
  expect((await sent(calendar)).errors?.dataset).toMatch(
    /You have 2 of these already, and the rule "open" allows 2/,
  );
  expect((await formOf('calendar')).words).toContain('You have 2 of these already');
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
