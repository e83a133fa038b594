import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { createEmulator, type Emulator } from 'emulate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeWithShared, sharedPath } from '../../../test/helpers/shared.js';
import { stewardConfig } from '../../config/steward-schema.js';
import { opsgenieOnCall } from '../pagers/opsgenie/index.js';
import { OutsideError, type PageEvent } from '../pagers/pager.js';
import { pagerDuty, pagerDutyOnCall } from '../pagers/pagerduty/index.js';
import { priorityOf } from '../severity.js';
import { jira } from './jira/index.js';
import { linear } from './linear/index.js';
import { serviceNow } from './servicenow/index.js';
import type { Ticket } from './tracker.js';

interface Seen {
  url: URL;
  method: string;
  headers: Headers;
  body: unknown;
}

/** Answers like the other side and keeps what was asked. */
function recorder(
  answer: (seen: Seen) => { status?: number; body?: unknown; headers?: Record<string, string> },
) {
  const seen: Seen[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const words = await request.text();
    const one = {
      url: new URL(request.url),
      method: request.method,
      headers: request.headers,
      body: words === '' ? null : JSON.parse(words),
    };
    seen.push(one);
    const { status = 200, body = {}, headers = {} } = answer(one);
    return new Response(status === 204 ? null : JSON.stringify(body), { status, headers });
  };
  return { seen, fetch };
}

const secret = (): string => 'secret';
const signal = AbortSignal.timeout(60_000);
const ticket: Ticket = {
  title: 'INC-12: orders are late',
  description: 'The loader stopped.\nCause: disk',
  state: 'open',
  priority: 1,
  ourId: '0d9c1c4e-0000-4000-8000-000000000001',
  url: null,
};
const event: PageEvent = {
  action: 'trigger',
  dedupKey: 'steward-1',
  summary: 'INC-12 orders are late',
  severity: 'critical',
  source: 'steward',
  at: new Date('2026-03-02T10:00:00Z'),
  details: { state: 'investigating' },
  link: 'https://example.com/i/12',
};

/** Validates against one operation of a published OpenAPI document. */
function bodySchema(file: string, path: string, method: string) {
  const document = JSON.parse(readFileSync(sharedPath('specs', file), 'utf8'));
  const ajv = new Ajv({ strict: false, validateFormats: false });
  ajv.addSchema(document, 'spec');
  const pointer = `spec#/paths/${path.replaceAll('~', '~0').replaceAll('/', '~1')}/${method}/requestBody/content/application~1json/schema`;
  const validate = ajv.compile({ $ref: encodeURI(pointer).replaceAll('%7B', '{').replaceAll('%7D', '}') });
  return (body: unknown): string => (validate(body) ? '' : ajv.errorsText(validate.errors));
}

describeWithShared(
  'specs/pagerduty',
  'PagerDuty, Events API v2 and REST API [pager pagerduty: contract]',
  () => {
    const problems = bodySchema('pagerduty/events-v2/openapiv3.json', '/enqueue', 'post');

    test('a page, its acknowledgement and its end pass the published Events v2 schema', async () => {
      for (const action of ['trigger', 'acknowledge', 'resolve'] as const) {
        const { seen, fetch } = recorder(() => ({ status: 202, body: { status: 'success' } }));
        await pagerDuty.send(
          { fetch, secret, signal },
          { type: 'pagerduty', name: 'pd', routingKey: { env: 'PD' } },
          { ...event, action },
        );
        expect(problems(seen[0]?.body)).toBe('');
        expect(seen[0]?.url.pathname).toBe('/v2/enqueue');
      }
    });

    test('the schema check can fail', () => {
      expect(problems({ event_action: 'ring' })).not.toBe('');
    });

    test('429 asks for patience, 400 is final', async () => {
      const send = (status: number, headers = {}) =>
        pagerDuty.send(
          { fetch: recorder(() => ({ status, headers })).fetch, secret, signal },
          { type: 'pagerduty', name: 'pd', routingKey: { env: 'PD' } },
          event,
        );
      await expect(send(429, { 'retry-after': '7' })).rejects.toMatchObject({
        retryAfterSeconds: 7,
        final: false,
      });
      await expect(send(400)).rejects.toMatchObject({ final: true });
      await expect(send(503)).rejects.toBeInstanceOf(OutsideError);
    });

    test('on-call is asked with parameters the published REST description knows', async () => {
      const { seen, fetch } = recorder(() => ({
        body: {
          oncalls: [
            { escalation_level: 2, user: { id: 'B', email: 'B@example.com' } },
            { escalation_level: 1, user: { id: 'A', email: 'a@example.com' } },
          ],
        },
      }));
      const people = await pagerDutyOnCall(
        { fetch, secret, signal },
        { type: 'pagerduty', name: 'pd', routingKey: { env: 'PD' }, apiToken: { env: 'T' } },
        'PSCHED',
        new Date('2026-03-02T10:00:00Z'),
      );
      expect(people).toEqual(['a@example.com', 'b@example.com']);
      const document = JSON.parse(readFileSync(sharedPath('specs', 'pagerduty/rest/openapiv3.json'), 'utf8'));
      const known = JSON.stringify(document.paths['/oncalls'].get.parameters);
      for (const name of ['schedule_ids', 'since', 'until', 'include', 'earliest']) {
        expect([...(seen[0]?.url.searchParams.keys() ?? [])].map((key) => key.replace('[]', ''))).toContain(
          name,
        );
        expect(JSON.stringify(document.components.parameters) + known).toContain(`"${name}`);
      }
    });
  },
);

describeWithShared('specs/opsgenie', 'Opsgenie', () => {
  test('on-call is asked where the published description says', async () => {
    const { seen, fetch } = recorder(() => ({ body: { data: { onCallRecipients: ['A@example.com'] } } }));
    expect(
      await opsgenieOnCall(
        { fetch, secret, signal },
        { type: 'opsgenie', name: 'og', apiKey: { env: 'K' } },
        'data',
        new Date('2026-03-02T10:00:00Z'),
      ),
    ).toEqual(['a@example.com']);
    const document = JSON.parse(readFileSync(sharedPath('specs', 'opsgenie/swagger.json'), 'utf8'));
    const parameters = document.paths['/v2/schedules/{identifier}/on-calls'].get.parameters.map(
      ({ name, $ref }: { name?: string; $ref?: string }) =>
        name ?? document.parameters?.[$ref?.split('/').at(-1) ?? '']?.name ?? '',
    );
    expect(seen[0]?.url.pathname).toBe('/v2/schedules/data/on-calls');
    for (const key of seen[0]?.url.searchParams.keys() ?? [])
      expect(parameters.map((one: string) => one.toLowerCase())).toContain(key.toLowerCase());
  });
});

describeWithShared('specs/jira', 'Jira, cloud platform API v3 [tracker jira: contract]', () => {
  const entry = {
    type: 'jira',
    name: 'jira',
    url: 'https://example.atlassian.net',
    user: 'bot@example.com',
    token: { env: 'J' },
    project: 'DATA',
  };
  const answer = (one: Seen) =>
    one.method === 'POST' && one.url.pathname.endsWith('/issue')
      ? { status: 201, body: { id: '1', key: 'DATA-1', self: 'x' } }
      : one.url.pathname.endsWith('/transitions') && one.method === 'GET'
        ? { body: { transitions: [{ id: '31', name: 'Done', to: { statusCategory: { key: 'done' } } }] } }
        : one.method === 'GET'
          ? { body: { key: 'DATA-1', fields: { status: { statusCategory: { key: 'new' } } }, issues: [] } }
          : { status: 204 };

  test('what it creates and moves passes the published schemas, on paths that exist', async () => {
    const { seen, fetch } = recorder(answer);
    await jira.find({ fetch, secret, signal }, entry, ticket);
    await jira.create({ fetch, secret, signal }, entry, ticket);
    await jira.update({ fetch, secret, signal }, entry, 'DATA-1', { ...ticket, state: 'done' });
    const file = 'jira/jira-cloud-platform-v3.trimmed.json';
    const paths = JSON.parse(readFileSync(sharedPath('specs', file), 'utf8')).paths;
    for (const one of seen) {
      const template = one.url.pathname.replace('DATA-1', '{issueIdOrKey}');
      expect(Object.keys(paths[template] ?? {}), template).toContain(one.method.toLowerCase());
      if (one.body !== null) expect(bodySchema(file, template, one.method.toLowerCase())(one.body)).toBe('');
    }
    expect(seen.map(({ method }) => method)).toEqual(['GET', 'POST', 'PUT', 'GET', 'GET', 'POST']);
  });

  test('pitfall 22: a status nobody configured moves nothing', async () => {
    const { seen, fetch } = recorder((one) =>
      one.url.pathname.endsWith('/transitions') && one.method === 'GET'
        ? {
            body: {
              transitions: [{ id: '9', name: 'Frozen', to: { statusCategory: { key: 'undefined' } } }],
            },
          }
        : answer(one),
    );
    await jira.update({ fetch, secret, signal }, entry, 'DATA-1', { ...ticket, state: 'done' });
    expect(
      seen.filter(({ method, url }) => method === 'POST' && url.pathname.endsWith('/transitions')),
    ).toHaveLength(0);
  });
});

describe('ServiceNow (no schema is published: against its documented examples) [tracker servicenow: documented]', () => {
  test('creates with correlation id, impact and urgency, and reads sys_id and number', async () => {
    const { seen, fetch } = recorder(() => ({
      status: 201,
      body: { result: { sys_id: 'a9e30c7dc61122760116894de7bcc7bd', number: 'INC0000046', state: '1' } },
    }));
    const made = await serviceNow.create(
      { fetch, secret, signal },
      {
        type: 'servicenow',
        name: 'sn',
        url: 'https://dev.service-now.com',
        user: 'u',
        password: { env: 'P' },
      },
      ticket,
    );
    expect(seen[0]?.url.pathname).toBe('/api/now/table/incident');
    expect(seen[0]?.body).toMatchObject({
      short_description: ticket.title,
      impact: '1',
      urgency: '1',
      correlation_id: ticket.ourId,
    });
    expect(made).toMatchObject({ externalId: 'a9e30c7dc61122760116894de7bcc7bd', state: 'open' });
  });
});

describe('Linear, against emulate [tracker linear: stand-in]', () => {
  let emulator: Emulator;
  beforeAll(async () => {
    emulator = await createEmulator({ service: 'linear', port: 0 });
  });
  afterAll(async () => emulator.close());

  test('finds nothing, creates, finds it again by our id, and moves it', async () => {
    const asked = await fetch(`${emulator.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'lin_api_test' },
      body: JSON.stringify({ query: '{ teams { nodes { id key } } }' }),
    });
    const teams = (await asked.json()) as { data?: { teams?: { nodes?: { id: string }[] } } };
    const teamId = teams.data?.teams?.nodes?.[0]?.id ?? '';
    expect(teamId).not.toBe('');
    const entry = {
      type: 'linear',
      name: 'linear',
      url: `${emulator.url}/graphql`,
      token: { env: 'L' },
      teamId,
    };
    const context = { fetch, secret: () => 'lin_api_test', signal };
    expect(await linear.find(context, entry, ticket)).toBeNull();
    const made = await linear.create(context, entry, ticket);
    expect(await linear.find(context, entry, ticket)).toMatchObject({ externalId: made.externalId });
    expect(await linear.find(context, entry, { ...ticket, ourId: 'another' })).toBeNull();
    expect(await linear.read(context, entry, made.externalId)).toMatchObject({ externalId: made.externalId });
    await linear.update(context, entry, made.externalId, { ...ticket, state: 'done' });
    expect(await linear.read(context, entry, made.externalId)).toMatchObject({ state: 'done' });
  });
});

test('a ticket is as urgent as the order of the severities in steward.yml says, whatever they are called', () => {
  const config = stewardConfig.parse({
    incidents: {
      severities: ['critical', 'major', 'minor', 'cosmetic'].map((id) => ({
        id,
        name: id,
        acknowledgeWithin: '1h',
        updateEvery: '1h',
        resolveWithin: '1d',
      })),
    },
  });
  expect(['critical', 'major', 'minor', 'cosmetic', 'gone'].map((id) => priorityOf(config, id))).toEqual([
    1, 2, 3, 3, 3,
  ]);
});
