import { expect, it } from 'vitest';
import { startCampaign } from '../../src/access/campaign.js';
import { makeAccessFixture } from '../../src/access/fixture.js';
import { scheduleActor } from '../../src/audit/record.js';
import { accessReviewCard } from '../../src/slack/cards/access-review.js';
import type { Caller } from '../../src/slack/surface.js';
import { accessReviewView } from './access-review.js';

const fixture = await makeAccessFixture(`
version: 1
rules:
  - name: pii
    kind: access
    when: { classification: pii }
    autoApprove: Only for this test.
recertification:
  - { name: quarterly, when: { classification: pii }, every: 90d, deadline: 14d, onSilence: revoke }
`);
const { services } = fixture;

it('lists more grants than a message holds page by page, takes away what is ticked and keeps the rest of the page [A-review]', async () => {
  const asked = [];
  for (let count = 0; count < 25; count += 1)
    asked.push(await fixture.ask(count % 2 === 0 ? 'sven' : 'gina'));
  await fixture.work();
  const campaign = await startCampaign(services, {
    name: 'quarterly',
    actor: scheduleActor,
    now: services.clock.now(),
  });
  const campaignId = campaign?.id ?? '';
  const owen = await fixture.person('owen');
  const caller: Caller = {
    person: owen,
    actor: await fixture.actor('owen'),
    surface: 'command',
    channel: null,
    threadTs: null,
    messageTs: null,
    now: services.clock.now(),
    deliveryKey: 'd',
  };
  const card = async () =>
    JSON.stringify(
      await accessReviewCard.render(services, campaignId, { variant: owen.id, now: services.clock.now() }),
    );
  const page = async (number: number) => {
    const view = await accessReviewView.build(services, caller, { campaign: campaignId, page: `${number}` });
    const words = JSON.stringify(view.blocks);
    return { view, words, numbers: [...words.matchAll(/\(ACC-(\d+)\)/g)].map(([, one]) => Number(one)) };
  };
  expect(await card()).toContain('13 more are on further pages');
  expect(await card()).toContain('All 25, page by page');

  const first = await page(1);
  expect(first.numbers).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
  expect(first.words).toContain('Page 1 of 2');
  const second = await page(2);
  expect(second.numbers).toEqual([21, 22, 23, 24, 25]);
  expect(second.words).not.toContain('access:review-later');

  // The second page first: nobody has to decide all that stands before.
  const ticked = asked[22]?.requestId ?? '';
  const sent = await accessReviewView.submit(services, {
    caller,
    callbackId: 'access:review-page',
    viewId: 'V1',
    privateMetadata: second.view.private_metadata ?? '',
    state: {
      'revoke-0': { revoke: { type: 'checkboxes', selected_options: [{ value: ticked }] } },
      rest: { rest: { type: 'radio_buttons', selected_option: { value: 'keep' } } },
    },
  });
  expect(sent.reply?.text).toBe('4 kept. 1 is being taken back; its holder is told.');
  await fixture.work();
  expect(await fixture.row(ticked)).toMatchObject({ state: 'ended', ended_how: 'revoked' });
  expect((await page(2)).numbers, 'a page that is no longer there').toEqual(first.numbers);
  expect(await card()).toContain('5 of 25 decided');
});

it('shows nobody a list that is not theirs', async () => {
  const { id } = await services.db.selectFrom('access_campaign').select('id').executeTakeFirstOrThrow();
  const caller = {
    person: await fixture.person('maya'),
    now: services.clock.now(),
  } as Caller;
  await expect(accessReviewView.build(services, caller, { campaign: id, page: '1' })).rejects.toMatchObject({
    code: 'not_found',
  });
});
