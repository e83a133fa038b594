import { beforeAll, expect, test } from 'vitest';
import { incidentActions } from '../../src/incidents/authority.js';
import { declareIncident } from '../../src/incidents/declare.js';
import type { Incident } from '../../src/incidents/incident.js';
import { mitigate, resolve } from '../../src/incidents/life.js';
import { mergeIncident } from '../../src/incidents/merge.js';
import { joinIncident } from '../../src/incidents/people.js';
import { listOf } from '../../src/incidents/report/words.js';
import { sampleConfig, sampleId, sampleSnapshot } from '../../src/incidents/testing/sample.js';
import { postUpdate } from '../../src/incidents/updates.js';
import { incidentCardRenderer } from '../../src/slack/cards/incident.js';
import { makeTestDatabase } from '../helpers/database.js';
import { makeTestServices, type TestServices } from '../helpers/services.js';

let services: TestServices;

beforeAll(async () => {
  services = await makeTestServices({
    database: await makeTestDatabase(),
    config: sampleConfig,
    catalog: {
      shop: {
        ...sampleSnapshot,
        assets: sampleSnapshot.assets.map((asset) =>
          asset.name === 'dim_customers' ? { ...asset, owners: [{ email: 'nobody@example.com' }] } : asset,
        ),
      },
    },
    actions: [incidentActions],
  });
});

async function act(incident?: Incident) {
  const personId = await services.personId('ada@example.com');
  return {
    incidentId: incident?.id ?? '',
    actor: { personId, kind: 'person' as const, channel: 'slack' as const },
    now: services.clock.now(),
  };
}

async function declared(title: string, assetIds: string[]): Promise<Incident> {
  const { actor, now } = await act();
  return declareIncident(services, { actor, now, via: 'command', deliveryKey: title, title, assetIds });
}

async function shown(incident: Incident, variant: string): Promise<{ text: string; blocks: string }> {
  const now = services.clock.now();
  const rendered = await incidentCardRenderer.render(services, incident.id, { variant, now });
  return { text: rendered?.text ?? '', blocks: JSON.stringify(rendered?.blocks) };
}

async function card(title: string, assetIds: string[]): Promise<string> {
  return (await shown(await declared(title, assetIds), 'main')).blocks;
}

test('the title stands once on the card', async () => {
  const blocks = await card('Orders look halved', [sampleId('model.shop.stg_orders')]);
  expect(blocks.split('Orders look halved')).toHaveLength(2);
});

test('an owner whom Slack knows is mentioned, another is named as the catalog writes it', async () => {
  const blocks = await card('Two things broke', [
    sampleId('source.shop.orders_raw'),
    sampleId('model.shop.dim_customers'),
  ]);
  expect(blocks).toContain('owned by nobody@example.com, <@U0IVO>');
  expect(blocks).not.toContain('ivo@example.com');
});

test('why alerts are one incident is said without the name of a table that not everybody may know of', async () => {
  const title = 'Two alerts';
  await card(title, [sampleId('model.shop.stg_orders')]);
  const { db } = services;
  const now = services.clock.now();
  const incident = await db
    .selectFrom('incident')
    .selectAll()
    .where('title', '=', title)
    .executeTakeFirstOrThrow();
  await db
    .insertInto('alert_group')
    .values({
      key: 'k',
      incident_id: incident.id,
      state: 'open',
      status: 'firing',
      title: 'late',
      root_asset_id: sampleId('source.shop.orders_raw'),
      because: 'all of it is fed by orders_raw, which broke first',
      fingerprint: 'f',
      alerts: 2,
      flaps: 0,
      first_at: now,
      last_at: now,
      created_at: now,
      updated_at: now,
    })
    .execute();
  const shown = async (): Promise<string> =>
    JSON.stringify(
      (await incidentCardRenderer.render(services, incident.id, { variant: 'main', now }))?.blocks,
    );
  expect(await shown()).toContain('fed by orders_raw, which broke first');
  const rules = services.config.catalog.visibility;
  rules.push({ match: { name: 'orders_raw' }, teams: ['finance'], otherwise: 'hidden' });
  expect(await shown()).toContain('fed by one table, which broke first');
  await db.updateTable('incident').set({ private: true }).where('id', '=', incident.id).execute();
  expect(await shown()).toContain('fed by orders_raw, which broke first');
  rules.pop();
});

test('executives read in the words alone what is wrong, what it reaches and when the next word comes', async () => {
  const title = 'Orders of yesterday are missing';
  await card(title, [sampleId('model.shop.stg_orders')]);
  const { id } = await services.db
    .selectFrom('incident')
    .select('id')
    .where('title', '=', title)
    .executeTakeFirstOrThrow();
  const now = services.clock.now();
  await postUpdate(services, {
    incidentId: id,
    actor: { personId: await services.personId('ivo@example.com'), kind: 'person', channel: 'slack' },
    now,
    wrong: 'Half of the orders of yesterday were not loaded.',
    deliveryKey: 'executive',
  });
  const shown = await incidentCardRenderer.render(services, id, { variant: 'executive', now });
  expect(shown?.text).toMatch(
    /Half of the orders of yesterday were not loaded\. Tier 1 affected: Board &lt;dashboard&gt;, revenue\. Next word /,
  );
});

test('what was said while it was open is past once it is over: no "do not use" and no promise is left standing', async () => {
  const incident = await declared('Orders of May are halved', [sampleId('model.shop.dim_customers')]);
  const said = {
    wrong: 'The loader skips every other file',
    doNotUse: 'the May report',
    useInstead: 'April',
  };
  await postUpdate(services, { ...(await act(incident)), ...said, deliveryKey: 'past' });
  expect((await shown(incident, 'main')).blocks).toContain('*What is wrong* The loader skips');
  // Whoever is read the message aloud hears only its text.
  for (const variant of ['main', 'announce', 'owner'])
    expect((await shown(incident, variant)).text).toContain(
      ' The loader skips every other file. Do not use: the May report. Use instead: April.',
    );
  await resolve(services, await act(incident));
  for (const variant of ['main', 'announce']) {
    const { text, blocks } = await shown(incident, variant);
    expect(text).toContain('What was wrong: The loader skips every other file');
    expect(blocks).toContain('*What was wrong* The loader skips');
    expect(blocks).not.toMatch(/What is wrong|Do not use|Use instead|Next update/);
  }
});

test('consumers are not told to use again what another incident still holds, and of a merged one that it goes on', async () => {
  await services.db.deleteFrom('asset_notice').execute();
  const one = await declared('Orders doubled', [sampleId('source.shop.orders_raw')]);
  const other = await declared('Facts are late', [sampleId('model.shop.fct_orders')]);
  await resolve(services, await act(one));
  expect((await shown(one, 'consumer')).text).toBe(
    `INC-${one.number} is resolved. Still affected, by INC-${other.number}: Board &lt;dashboard&gt;, revenue.`,
  );
  const third = await declared('Facts look halved', [sampleId('model.shop.fct_orders')]);
  await mergeIncident(services, { ...(await act(third)), intoId: other.id });
  expect((await shown(third, 'consumer')).text).toContain(`Still affected, by INC-${other.number}:`);
  expect((await shown(third, 'executive')).text).toContain(`It goes on as INC-${other.number}.`);
  await resolve(services, await act(other));
  for (const incident of [one, other, third])
    expect((await shown(incident, 'consumer')).text).toContain(
      'Board &lt;dashboard&gt;, revenue can be used again.',
    );
});

test('a watched incident says when it closes by itself, or what it waits for', async () => {
  const incident = await declared('Orders are off', [sampleId('source.shop.orders_raw')]);
  await mitigate(services, await act(incident));
  expect((await shown(incident, 'main')).blocks).toMatch(/All well since .*resolves by itself/);
  const { db } = services;
  const now = services.clock.now();
  await db
    .insertInto('alert_group')
    .values({
      key: 'watched',
      incident_id: incident.id,
      state: 'open',
      status: 'firing',
      title: 'late',
      root_asset_id: null,
      suspect_asset_id: null,
      because: 'one check',
      fingerprint: 'f',
      alerts: 1,
      flaps: 0,
      first_at: now,
      last_at: now,
      merged_into: null,
      created_at: now,
      updated_at: now,
    })
    .execute();
  expect((await shown(incident, 'main')).blocks).toContain(
    'Not well yet: alerts are firing. Once that has passed',
  );
});

test('a time in an update is every reader’s own, a name that is not listed is counted, and executives read numbers before tables', async () => {
  const incident = await declared('Orders came late', [sampleId('model.shop.fct_orders')]);
  await postUpdate(services, {
    ...(await act(incident)),
    wrong: 'No rows since 2026-03-02 06:10 UTC <b>',
    eta: new Date('2026-03-03T06:10:00Z'),
    deliveryKey: 'times',
  });
  expect((await shown(incident, 'consumer')).text).toMatch(
    /Expected to be right <!date\^[^>]*2026-03-03 06:10 UTC>\.$/,
  );
  const moment = `<!date^${Date.parse('2026-03-02T06:10:00Z') / 1_000}^{date_short_pretty} {time}|2026-03-02 06:10 UTC>`;
  for (const variant of ['main', 'consumer', 'executive'])
    expect((await shown(incident, variant)).text).toContain(`No rows since ${moment} &lt;b&gt;`);
  expect((await shown(incident, 'executive')).text).toContain(
    'Tier 1 affected: Board &lt;dashboard&gt;, revenue.',
  );
  expect(listOf(['a', 'b', 'c'], 2)).toBe('a, b and 1 more');
  expect(listOf(['a', 'b'], 2)).toBe('a, b');
});

test('whoever subscribes has the message at once, which does not call over what is still in triage', async () => {
  const incident = await declared('Orders are odd', [sampleId('model.shop.fct_orders')]);
  const guest = { ...(await act(incident)), subscribeOnly: true };
  await joinIncident(services, guest);
  const message = await services.db
    .selectFrom('slack_message')
    .select('variant')
    .where('card_id', '=', incident.id)
    .where('person_id', '=', guest.actor.personId)
    .execute();
  expect(message).toEqual([{ variant: 'consumer' }]);
  await services.db.updateTable('incident').set({ state: 'triage' }).where('id', '=', incident.id).execute();
  expect((await shown(incident, 'consumer')).text).toMatch(/^INC-\d+: Orders are odd\. Do not use: /);
});

test('merged into a private incident it says neither its number nor its words', async () => {
  const open = await declared('Orders doubled again', [sampleId('model.shop.stg_orders')]);
  const { actor, now } = await act();
  const secret = await declareIncident(services, {
    actor,
    now,
    via: 'command',
    deliveryKey: 'secret',
    title: 'Salaries are visible',
    assetIds: [sampleId('model.shop.stg_orders')],
    private: true,
  });
  await mergeIncident(services, { ...(await act(open)), intoId: secret.id });
  for (const variant of ['main', 'announce', 'consumer', 'executive', 'review']) {
    const { text, blocks } = await shown(open, variant);
    expect(`${text} ${blocks}`).not.toMatch(new RegExp(`INC-${secret.number}\\b|Salaries`));
  }
});
