import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { incidentReactionAdded } from '../../handlers/events/incident.js';
import { incidentAssetOptions } from '../../handlers/options/incident.js';
import { incidentArchive } from '../../src/effects/incident-archive.js';
import { incidentChannel } from '../../src/effects/incident-channel.js';
import { slackUpdate } from '../../src/effects/slack-update.js';
import { processStoredAlert } from '../../src/incidents/alerts/process.js';
import { changeSeverity } from '../../src/incidents/change-severity.js';
import { channelGone, channelName } from '../../src/incidents/channel.js';
import { resolve } from '../../src/incidents/life.js';
import { addLink } from '../../src/incidents/links.js';
import { runTimer, snoozeReminders } from '../../src/incidents/run-timer.js';
import { addTask } from '../../src/incidents/tasks.js';
import { sampleId } from '../../src/incidents/testing/sample.js';
import { makeIncidentWorld } from '../../src/incidents/testing/world.js';
import { ticketNews } from '../../src/incidents/ticket-news.js';
import { ticketOf } from '../../src/incidents/tickets.js';
import { timelineOf } from '../../src/incidents/timeline.js';
import { writtenHash } from '../../src/incidents/trackers/tracker.js';
import { regroup } from '../../src/incidents/triage/regroup.js';
import { postUpdate } from '../../src/incidents/updates.js';
import { incidentCardRenderer } from '../../src/slack/cards/incident.js';
import { readMoment, takeDue } from '../../src/slack/cards/incident-words.js';
import { effectServicesOf } from '../helpers/effect-services.js';
import { describeWithShared, sharedPath } from '../helpers/shared.js';
import { error, setUp, startSlackStub } from './slack-stub.js';

const { services, ivo, declared, again } = await makeIncidentWorld({ severity: 'sev1' });

describe('names and channels', () => {
  const row = { number: 12, title: 'Ünïcode ЖЖ 💥 <!channel> orders!!', severity: 'sev1' };

  test('pitfall 4: a channel name has only what Slack takes', () => {
    expect(channelName('inc-{number}-{slug}', row)).toBe('inc-12-unicode-channel-orders');
    expect(channelName('{slug}', { ...row, title: '💥' })).toMatch(/^[a-z0-9_-]+$/);
  });

  test('pitfall 5: a name is at most 80 characters and keeps its number', () => {
    const name = channelName(
      'inc-{slug}-{slug}-{slug}-{number}',
      { ...row, title: 'very long '.repeat(30) },
      3,
    );
    expect(name.length).toBeLessThanOrEqual(80);
    expect(name).toContain('12');
  });

  test('where nobody may make channels, or every name is taken, the incident says so and goes on in its announcement', async () => {
    for (const refused of ['restricted_action', 'name_taken']) {
      const incident = await declared();
      const { outcome } = await setUp(services, incident, ({ method }) =>
        method === 'conversations.create' ? error(refused) : {},
      );
      expect(outcome).toEqual({ done: true });
      expect(await again(incident.id)).toMatchObject({ channel_state: 'gone', channel_id: null });
      expect((await timelineOf(services, incident.id)).map(({ text }) => text)).toContainEqual(
        expect.stringContaining('It goes on in its announcement'),
      );
    }
  });

  test("pitfall 6: a taken name takes the next one and never a stranger's channel", async () => {
    const incident = await declared();
    const { calls } = await setUp(services, incident, (call, all) =>
      call.method === 'conversations.create' &&
      all.filter(({ method }) => method === call.method).length === 1
        ? error('name_taken')
        : {},
    );
    const names = calls
      .filter(({ method }) => method === 'conversations.create')
      .map(({ args }) => args.name);
    expect(names[1]).toBe(`${names[0]}-2`);
    expect(calls.some(({ method }) => method === 'conversations.list')).toBe(false);

    // The next try may find that an earlier one made it and the answer was lost: that one is ours, a stranger's of that name is not.
    for (const [creator, kept] of [
      ['U0ME', 'C0OURS'],
      ['U0STRANGER', 'another'],
    ] as const) {
      const lost = await declared();
      const name = channelName(services.config.incidents.channelTemplate, lost);
      const created = Math.floor(services.clock.now().getTime() / 1_000);
      await setUp(
        services,
        lost,
        ({ method, args }) => {
          if (method === 'conversations.create')
            return args.name === name ? error('name_taken') : { channel: { id: `another-${lost.number}` } };
          if (method === 'auth.test') return { user_id: 'U0ME' };
          return method === 'conversations.list'
            ? { channels: [{ id: `C0OURS-${lost.number}`, name, creator, created }] }
            : {};
        },
        2,
      );
      expect((await again(lost.id)).channel_id).toBe(`${kept}-${lost.number}`);
    }
  });

  test('pitfall 7: a change of severity renames nothing', async () => {
    const incident = await declared({ severity: 'sev2' });
    await setUp(services, incident, () => ({}));
    await changeSeverity(services, {
      incidentId: incident.id,
      actor: ivo,
      now: services.clock.now(),
      severity: 'sev1',
    });
    const { calls } = await setUp(services, await again(incident.id), () => ({}));
    expect(
      calls.some(({ method }) => method === 'conversations.rename' || method === 'conversations.create'),
    ).toBe(false);
  });

  test('pitfall 8: an archived channel ends nothing: the incident goes on in its announcement', async () => {
    const incident = await declared();
    await setUp(services, incident, () => ({}));
    const { outcome } = await setUp(services, await again(incident.id), (call) =>
      call.method === 'conversations.info' ? error('is_archived') : {},
    );
    expect(outcome).toEqual({ done: true });
    expect(await again(incident.id)).toMatchObject({
      channel_state: 'gone',
      channel_id: null,
      state: 'investigating',
    });
    // Slack describes an archived channel as if nothing were: it is the invitation that is refused, for the channel and not for a person.
    const other = await declared();
    await setUp(services, other, ({ method }) =>
      method === 'conversations.invite' ? error('is_archived') : {},
    );
    expect((await again(other.id)).channel_state).toBe('gone');
    const refused = await services.db
      .selectFrom('incident_member')
      .select('person_id')
      .where('incident_id', '=', other.id)
      .where('invite_error', 'is not', null)
      .execute();
    expect(refused).toEqual([]);
  });

  test('pitfall 8: a channel that somebody archived first is not archived again, and nothing is asked of it any more', async () => {
    const incident = await declared();
    await setUp(services, incident, () => ({}));
    await resolve(services, { incidentId: incident.id, actor: ivo, now: services.clock.now() });
    await services.db
      .updateTable('incident')
      .set({ state: 'closed' })
      .where('id', '=', incident.id)
      .execute();
    const calls: string[] = [];
    const stub = await startSlackStub(({ method }) => {
      calls.push(method);
      return error('already_archived');
    });
    const context = () => ({
      key: 'k',
      attempt: 1,
      now: services.clock.now(),
      signal: AbortSignal.timeout(10_000),
    });
    try {
      const slack = effectServicesOf(services, { slack: stub.client });
      for (const effect of [incidentArchive, incidentArchive, incidentChannel])
        expect(await effect.run(slack, { incidentId: incident.id }, context())).toEqual({ done: true });
    } finally {
      await stub.stop();
    }
    expect(calls).toEqual(['conversations.archive']);
    expect((await again(incident.id)).channel_state).toBe('archived');
  });

  test('a channel deleted by hand is noticed, and resolving still works', async () => {
    const incident = await declared();
    await setUp(services, incident, () => ({}));
    const { channel_id } = await again(incident.id);
    await services.db
      .updateTable('incident')
      .set({ channel_state: 'ready' })
      .where('id', '=', incident.id)
      .execute();
    await channelGone(services, { channelId: channel_id ?? '', now: services.clock.now() });
    await resolve(services, { incidentId: incident.id, actor: ivo, now: services.clock.now() });
    expect((await again(incident.id)).state).toBe('resolved');
  });

  test('pitfall 9: one bad person never fails the rest', async () => {
    const incident = await declared();
    const ada = await services.personId('ada@example.com');
    await services.db
      .insertInto('incident_member')
      .values({ incident_id: incident.id, person_id: ada, how: 'invited', added_at: services.clock.now() })
      .execute();
    const { calls } = await setUp(services, incident, (call) =>
      call.method === 'conversations.invite' && (call.args.users ?? '').includes('U0ADA')
        ? error('user_not_found')
        : {},
    );
    const members = await services.db
      .selectFrom('incident_member')
      .selectAll()
      .where('incident_id', '=', incident.id)
      .execute();
    expect(members.find(({ person_id }) => person_id === ada)?.invite_error).toBe('user_not_found');
    expect(members.find(({ person_id }) => person_id === ivo.personId)?.invited_at).not.toBeNull();
    expect(calls.filter(({ method }) => method === 'conversations.invite').length).toBeGreaterThan(1);
  });

  test('pitfall 10: a refused pin, topic or bookmark puts nothing into error', async () => {
    const incident = await declared();
    await setUp(services, incident, (call) =>
      /pins|Topic|bookmarks/.test(call.method) ? error('restricted_action') : {},
    );
    expect((await again(incident.id)).channel_state).toBe('ready');
  });

  test('pitfall 11: pickers ask the catalog in memory and never list channels', async () => {
    const person = await services.directory.byId(services.db, ivo.personId ?? '');
    if (person === null) throw new Error('nobody');
    const offered = async (): Promise<string[]> => {
      const options = await incidentAssetOptions.run(
        services,
        {
          person,
          actor: ivo,
          surface: 'modal',
          channel: null,
          threadTs: null,
          messageTs: null,
          now: services.clock.now(),
          deliveryKey: 'x',
        },
        'ord',
      );
      return options.map(({ text }) => text);
    };
    expect(await offered()).toContain('orders_raw');
    // The same rules as everywhere say what is hidden: by a name with a star, too.
    const rules = services.config.catalog.visibility;
    rules.push({ match: { name: 'orders_*' }, teams: ['finance'], otherwise: 'hidden' });
    expect(await offered()).not.toContain('orders_raw');
    rules.pop();
  });

  test('pitfall 16: a set-up that broke off half-way is completed by the next try, with one channel', async () => {
    const incident = await declared();
    const first = await setUp(services, incident, ({ method }) =>
      method === 'conversations.invite' ? error('internal_error') : {},
    );
    expect(first.outcome, 'is tried again').toBeInstanceOf(Error);
    expect(first.calls.filter(({ method }) => method === 'conversations.create')).toHaveLength(1);
    expect((await again(incident.id)).channel_state).toBe('wanted');
    const second = await setUp(services, await again(incident.id), () => ({}), 2);
    expect(second.calls.filter(({ method }) => method === 'conversations.create')).toHaveLength(0);
    expect((await again(incident.id)).channel_state).toBe('ready');
    const members = await services.db
      .selectFrom('incident_member')
      .select(['invited_at', 'invite_error'])
      .where('incident_id', '=', incident.id)
      .execute();
    expect(
      members.every(({ invited_at, invite_error }) => invited_at !== null && invite_error === null),
    ).toBe(true);
  });

  test('pitfall 17: the first announcement links no channel that is not there yet, the same message does once it is', async () => {
    const incident = await declared();
    const blocks = async () =>
      JSON.stringify(
        (
          await incidentCardRenderer.render(services, incident.id, {
            variant: 'announce',
            now: services.clock.now(),
          })
        )?.blocks,
      );
    expect(await blocks()).not.toContain('<#');
    await setUp(services, incident, () => ({}));
    expect(await blocks()).toContain(`<#C${incident.number}NEW>`);
  });
});

describe('messages', () => {
  test('pitfall 1: a redelivered declaration is one incident, pitfall 3: and one post per place', async () => {
    const [first, second] = [
      await declared({ deliveryKey: 'again' }),
      await declared({ deliveryKey: 'again' }),
    ];
    expect(second.id).toBe(first.id);
    const posts = await services.db
      .selectFrom('slack_message')
      .select('key')
      .where('card_id', '=', first.id)
      .execute();
    expect(new Set(posts.map(({ key }) => key)).size).toBe(posts.length);
    expect(posts.filter(({ key }) => key.endsWith(':announce'))).toHaveLength(1);
  });

  test('pitfall 3: the same link twice is one link, one entry and one bookmark', async () => {
    const incident = await declared();
    const act = { incidentId: incident.id, actor: ivo, now: services.clock.now() };
    const url = 'https://log.example/1';
    await addLink(services, { ...act, url, title: '' });
    await addLink(services, { ...act, url, title: 'the log' });
    await addLink(services, { ...act, url, title: '' });
    const links = await services.db
      .selectFrom('incident_link')
      .select(['title', 'url'])
      .where('incident_id', '=', incident.id)
      .execute();
    expect(links).toEqual([{ title: 'the log', url }]);
    expect((await timelineOf(services, incident.id)).filter(({ link }) => link === url)).toHaveLength(1);
    const { calls } = await setUp(services, incident, () => ({}));
    expect(calls.filter(({ method, args }) => method === 'bookmarks.add' && args.link === url)).toHaveLength(
      1,
    );
  });

  test('pitfall 12: fifty changes in a row leave one waiting update per message', async () => {
    const incident = await declared();
    await services.db
      .updateTable('slack_message')
      .set({ state: 'sent', ts: '1.1' })
      .where('card_id', '=', incident.id)
      .execute();
    for (let turn = 0; turn < 50; turn += 1)
      await addTask(services, {
        incidentId: incident.id,
        actor: ivo,
        now: services.clock.now(),
        kind: 'task',
        title: `step ${turn}`,
      });
    const messages = await services.db
      .selectFrom('slack_message')
      .select('id')
      .where('card_id', '=', incident.id)
      .execute();
    const waiting = await services.db
      .selectFrom('outbox')
      .select('payload')
      .where('kind', '=', 'slack.update')
      .where('state', '=', 'pending')
      .execute();
    const own = waiting.filter(({ payload }) => messages.some(({ id }) => payload.messageId === id));
    expect(own.length).toBe(messages.length);
  });

  test('pitfall 12: a message whose words are the same is not sent again', async () => {
    const incident = await declared();
    const { id } = await services.db
      .updateTable('slack_message')
      .set({ state: 'sent', ts: '1.1', variant: 'consumer' })
      .where('key', '=', `incident:${incident.id}:announce`)
      .returning('id')
      .executeTakeFirstOrThrow();
    const stub = await startSlackStub(() => ({}));
    const update = async (): Promise<string[]> => {
      const context = {
        key: 'k',
        attempt: 1,
        now: services.clock.now(),
        signal: AbortSignal.timeout(10_000),
      };
      await slackUpdate.run(effectServicesOf(services, { slack: stub.client }), { messageId: id }, context);
      return stub.calls.map(({ method }) => method);
    };
    const act = { incidentId: incident.id, actor: ivo, now: services.clock.now() };
    try {
      expect(await update()).toEqual(['chat.update']);
      // Consumers hear nothing of tasks: their words stay as they are.
      await addTask(services, { ...act, kind: 'task', title: 'Ask the loader' });
      expect(await update()).toEqual(['chat.update']);
      await postUpdate(services, { ...act, wrong: 'Yesterday is missing', deliveryKey: 'same-words' });
      expect(await update()).toEqual(['chat.update', 'chat.update']);
    } finally {
      await stub.stop();
    }
  });

  test('pitfall 24: any other emoji is none of our business and raises nothing', async () => {
    for (const event of [
      {},
      { user: 'U0IVO', reaction: 'tada', item: { type: 'message', channel: 'C1', ts: '1.1' } },
      { user: 'U0IVO', reaction: 'pushpin', item: { type: 'file', file: 'F1' } },
    ]) {
      await expect(
        incidentReactionAdded.run(services, event, { now: services.clock.now(), deliveryKey: 'd' }),
      ).resolves.toBeUndefined();
    }
  });

  test('a message made for people escapes what people wrote', async () => {
    const incident = await declared({ title: '<!channel> & <@U1>' });
    const card = await incidentCardRenderer.render(services, incident.id, {
      variant: 'announce',
      now: services.clock.now(),
    });
    expect(card?.text).not.toContain('<!channel>');
    expect(JSON.stringify(card?.blocks)).not.toContain('<!channel>');
  });
});

describeWithShared('specs/slack/block-kit', 'every card passes Block Kit', () => {
  test('pitfall 14: with the longest words and fifty tasks, in every variant and state', async () => {
    const schema = JSON.parse(
      readFileSync(sharedPath('specs/slack/block-kit/slack-block-kit.schema.json'), 'utf8'),
    );
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    const validate = ajv.compile(schema);
    const long = '<&> "quotes" '.repeat(400);
    const incident = await declared({ title: long, summary: long });
    for (let turn = 0; turn < 25; turn += 1)
      await addTask(services, {
        incidentId: incident.id,
        actor: ivo,
        now: services.clock.now(),
        kind: turn % 2 ? 'task' : 'checklist',
        title: long,
      });
    await postUpdate(services, {
      incidentId: incident.id,
      actor: ivo,
      now: services.clock.now(),
      wrong: long.slice(0, 2_900),
      doNotUse: long.slice(0, 2_900),
      useInstead: long.slice(0, 500),
      deliveryKey: 'long',
    });
    const states = ['triage', 'investigating', 'monitoring', 'resolved', 'closed'] as const;
    for (const state of states) {
      await services.db.updateTable('incident').set({ state }).where('id', '=', incident.id).execute();
      for (const variant of [
        'main',
        'announce',
        'triage',
        'consumer',
        'owner',
        'executive',
        'nudge-update',
        'nudge-roles',
        'role-lead',
      ]) {
        const card = await incidentCardRenderer.render(services, incident.id, {
          variant,
          now: services.clock.now(),
        });
        if (card === null) continue;
        expect(
          validate(card.blocks),
          `${state} ${variant}: ${ajv.errorsText(validate.errors).slice(0, 400)}`,
        ).toBe(true);
        expect(card.blocks.length).toBeLessThanOrEqual(50);
        expect(card.text.length).toBeLessThanOrEqual(40_000);
      }
    }
  });
});

describe('clocks', () => {
  test('pitfall 18: a reminder is a row of the database, not of a process', async () => {
    const incident = await declared();
    const timers = await services.db
      .selectFrom('outbox')
      .select('key')
      .where('kind', '=', 'incident.timer')
      .where('lane', '=', `incident:${incident.id}`)
      .execute();
    expect(timers.map(({ key }) => key.split(':').at(-1)).sort()).toEqual([
      'acknowledge',
      'resolve',
      'roles',
      'update',
    ]);
  });

  test('pitfall 19: an update reminder comes again and again until the update does', async () => {
    const incident = await declared();
    const nudges = () =>
      services.db
        .selectFrom('slack_message')
        .select('id')
        .where('card_id', '=', incident.id)
        .where('variant', '=', 'nudge-update')
        .execute();
    const remind = (turn: number) =>
      runTimer(services, {
        incidentId: incident.id,
        timer: 'update',
        now: new Date(services.clock.now().getTime() + turn * 1_800_000),
      });
    for (let turn = 1; turn <= 3; turn += 1) {
      await remind(turn);
      // Slack took it: the next one is a message of its own.
      await services.db
        .updateTable('slack_message')
        .set({ state: 'sent', ts: `${turn}.1` })
        .where('card_id', '=', incident.id)
        .where('variant', '=', 'nudge-update')
        .execute();
    }
    expect(await nudges()).toHaveLength(3);
    // While Slack is down the one that waits is enough.
    await remind(4);
    await remind(5);
    expect(await nudges()).toHaveLength(4);
  });

  test('pitfall 34: snooze holds, and a time is read as it was meant', async () => {
    const incident = await declared();
    const until = new Date(services.clock.now().getTime() + 4 * 3_600_000);
    await snoozeReminders(services, { incidentId: incident.id, until, now: services.clock.now() });
    await runTimer(services, {
      incidentId: incident.id,
      timer: 'update',
      now: new Date(services.clock.now().getTime() + 1_800_000),
    });
    const sent = await services.db
      .selectFrom('slack_message')
      .select('id')
      .where('card_id', '=', incident.id)
      .where('variant', '=', 'nudge-update')
      .execute();
    expect(sent).toHaveLength(0);
    expect(readMoment('3h ago', new Date('2026-03-29T03:00:00Z'))?.toISOString()).toBe(
      '2026-03-29T00:00:00.000Z',
    );
    expect(readMoment('2026-03-02 06:00', new Date())?.toISOString()).toBe('2026-03-02T06:00:00.000Z');
    const madrid = (text: string) => readMoment(text, new Date(), 'Europe/Madrid')?.toISOString();
    expect(madrid('2026-03-02 06:00')).toBe('2026-03-02T05:00:00.000Z');
    expect(madrid('2026-07-02 06:00')).toBe('2026-07-02T04:00:00.000Z');
    expect(madrid('2026-07-02 06:00 UTC')).toBe('2026-07-02T06:00:00.000Z');
    expect(madrid('2026-07-02T06:00+05:30')).toBe('2026-07-02T00:30:00.000Z');
    expect(readMoment('2026-02-30 06:00', new Date())).toBeNull();
    expect(readMoment('next tuesday-ish', new Date())).toBeNull();
    // Half past midnight on a Friday in Madrid, where UTC still has Thursday.
    const due = (words: string, now = '2026-03-05T23:30:00Z') =>
      takeDue(words, new Date(now), 'Europe/Madrid').due?.toISOString().slice(0, 10);
    expect(due('ask finance by today')).toBe('2026-03-06');
    expect(due('ask finance by friday')).toBe('2026-03-13');
    expect(due('ask finance due tomorrow')).toBe('2026-03-07');
    expect(due('ask finance by monday, then call')).toBe('2026-03-09');
    expect(due('ask finance due in 2 weeks')).toBe('2026-03-20');
    expect(due('ask finance by 2026-04-01')).toBe('2026-04-01');
    expect(due('ask finance by 2026-02-30')).toBeUndefined();
    expect(due('go by train')).toBeUndefined();
    expect(takeDue('ask finance by monday, then call', new Date()).rest).toBe('ask finance , then call');
  });
});

describe('what comes from outside', () => {
  test('pitfall 20: fifty changes at once lose none', async () => {
    const incident = await declared();
    const add = (index: number): Promise<unknown> =>
      addTask(services, {
        incidentId: incident.id,
        actor: ivo,
        now: services.clock.now(),
        kind: 'task',
        title: `at once ${index}`,
      }).catch((thrown: unknown) => {
        // On a busy machine somebody waits too long for one of ten connections: that one is told so, has changed nothing, and tries again.
        if (String(thrown).includes('timeout exceeded when trying to connect')) return add(index);
        throw thrown;
      });
    await Promise.all(Array.from({ length: 50 }, (_, index) => add(index)));
    const rows = await services.db
      .selectFrom('incident_task')
      .select('number')
      .where('incident_id', '=', incident.id)
      .where('kind', '=', 'task')
      .execute();
    expect(rows).toHaveLength(50);
    expect(new Set(rows.map(({ number }) => number)).size).toBe(50);
  });

  test('pitfall 22: our own writing coming back from the tracker is an echo and moves nothing', async () => {
    const incident = await declared();
    const hash = writtenHash(ticketOf(services.config, await again(incident.id)));
    await services.db
      .insertInto('incident_link')
      .values({
        incident_id: incident.id,
        kind: 'ticket',
        title: 't',
        system: 'jira',
        external_id: 'DATA-1',
        written_hash: hash,
        created_at: services.clock.now(),
        updated_at: services.clock.now(),
      })
      .execute();
    const state = ticketOf(services.config, await again(incident.id)).state;
    expect(
      await ticketNews(services, { system: 'jira', externalId: 'DATA-1', state, now: services.clock.now() }),
    ).toBe('echo');
    expect(
      await ticketNews(services, {
        system: 'jira',
        externalId: 'DATA-1',
        state: null,
        now: services.clock.now(),
      }),
    ).toBe('unknown');
    expect((await again(incident.id)).state).toBe('investigating');
  });

  test('pitfall 27: what is reopened is shown as open again everywhere', async () => {
    const incident = await declared();
    await resolve(services, { incidentId: incident.id, actor: ivo, now: services.clock.now() });
    const { reopen } = await import('../../src/incidents/life.js');
    await reopen(services, {
      incidentId: incident.id,
      actor: ivo,
      now: services.clock.now(),
      reason: 'not over at all',
    });
    for (const variant of ['announce', 'main', 'consumer']) {
      const card = await incidentCardRenderer.render(services, incident.id, {
        variant,
        now: services.clock.now(),
      });
      expect(card, variant).not.toBeNull();
      expect(card?.text).not.toContain('resolved');
    }
  });

  test('pitfall 28: one asset nobody knows does not cost the others of the same delivery', async () => {
    const now = services.clock.now();
    const result = await processStoredAlert(services, {
      body: {
        source: 'generic',
        endpoint: 'x',
        body: {
          alerts: [
            { title: 'known', asset: 'model.shop.dim_customers', at: now.toISOString() },
            { title: 'unknown', asset: 'service.of.another.kind', at: now.toISOString() },
            { nothing: true },
          ],
        },
      },
      receivedAt: now,
    });
    expect(result).toEqual({ alerts: 2, skipped: ['1 alerts could not be read and was left out'] });
    await regroup(services, now);
    const placed = await services.db
      .selectFrom('alert')
      .select(['title', 'asset_id'])
      .where('endpoint', '=', 'x')
      .orderBy('title')
      .execute();
    expect(placed.map(({ asset_id }) => asset_id)).toEqual([sampleId('model.shop.dim_customers'), null]);
  });
});
