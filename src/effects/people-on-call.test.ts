import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebClient } from '@slack/web-api';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeTestDatabase } from '../../test/helpers/database.js';
import { makeTestServices, type TestServices, testMorning } from '../../test/helpers/services.js';
import { OnCallUnknownError, onCallOrNobody } from '../people/on-call.js';
import type { EffectServices } from './effect.js';
import { onCallSchedule } from './people-on-call.js';

const minute = 60_000;
let pager: Server;
let services: TestServices;
/** What the pager answers: status and body. */
let answer: { status: number; body: unknown };
let asked: string[];

beforeEach(async () => {
  asked = [];
  pager = createServer((request, response) => {
    asked.push(`${request.url} ${request.headers.authorization}`);
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => pager.listen(0, '127.0.0.1', resolve));
  const apiUrl = `http://127.0.0.1:${(pager.address() as AddressInfo).port}`;
  services = await makeTestServices({
    database: await makeTestDatabase(),
    secrets: { PD_TOKEN: 'pd-secret', OG_KEY: 'og-secret', PD_ROUTE: 'route' },
    config: {
      people: [{ email: 'ana@acme.example' }, { email: 'ben@acme.example' }],
      teams: [
        { id: 'data', onCall: { pagerduty: { schedule: 'PSCHED' } } },
        { id: 'old', onCall: { opsgenie: { schedule: 'old rota' } } },
      ],
      incidents: {
        pagers: [
          {
            type: 'pagerduty',
            name: 'pd',
            routingKey: { env: 'PD_ROUTE' },
            apiToken: { env: 'PD_TOKEN' },
            apiUrl,
          },
          { type: 'opsgenie', name: 'og', apiKey: { env: 'OG_KEY' }, apiUrl },
        ],
      },
    },
  });
});
afterEach(() => new Promise((resolve) => pager.close(resolve)));

async function look(): Promise<void> {
  // The engine of `services` is a getter that this test must not touch.
  const effects: EffectServices = Object.assign(Object.create(services), {
    fetch: globalThis.fetch,
    slack: new WebClient('xoxb-none'),
  });
  const result = await onCallSchedule.run(
    effects,
    {},
    {
      key: 'schedule:people.on-call',
      attempt: 1,
      now: services.clock.now(),
      signal: AbortSignal.timeout(5_000),
    },
  );
  expect(result).toHaveProperty('again');
}
const onCall = async (team: string): Promise<(string | null)[]> =>
  (await services.directory.onCall(services.db, team, services.clock.now())).map((person) => person.email);

const pagerDutySays = (...emails: string[]): void => {
  answer = {
    status: 200,
    body: {
      oncalls: emails.map((email, index) => ({
        escalation_level: index + 1,
        user: { id: `P${index}`, email },
      })),
    },
  };
};

it('knows who is on call from PagerDuty, first level first, and leaves out whom nobody knows', async () => {
  pagerDutySays('Ben@acme.example', 'stranger@elsewhere.example', 'ana@acme.example');
  await look();
  expect(await onCall('data')).toEqual(['ben@acme.example', 'ana@acme.example']);
  expect(asked.find((line) => line.includes('PSCHED'))).toContain('Token token=pd-secret');
});

it('knows who is on call from Opsgenie', async () => {
  answer = { status: 200, body: { data: { onCallRecipients: ['ana@acme.example'] } } };
  await look();
  expect(await onCall('old')).toEqual(['ana@acme.example']);
  expect(asked.find((line) => line.includes('old%20rota'))).toContain('GenieKey og-secret');
});

it('believes the last look for a quarter of an hour when the pager fails, then says that it does not know and why', async () => {
  pagerDutySays('ana@acme.example');
  await look();
  answer = { status: 503, body: { error: 'maintenance' } };
  services.clock.advance(14 * minute);
  await look();
  expect(await onCall('data')).toEqual(['ana@acme.example']);
  services.clock.advance(2 * minute);
  await expect(onCall('data')).rejects.toThrow(/cannot be read: PagerDuty answered 503/);
  await expect(onCall('data')).rejects.toBeInstanceOf(OnCallUnknownError);
  expect(await onCallOrNobody(services, services.db, 'data', services.clock.now())).toEqual([]);
});

it('keeps an answer that is no answer from becoming "nobody"', async () => {
  answer = { status: 200, body: { oncalls: 'none' } };
  await look();
  await expect(onCall('data')).rejects.toThrow(/cannot be read: pagerduty answered something/);
});

it('does not know before the first look', async () => {
  await expect(services.directory.onCall(services.db, 'data', testMorning)).rejects.toThrow(
    /cannot be read yet/,
  );
});
