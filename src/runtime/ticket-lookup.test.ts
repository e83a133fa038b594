import { describe, expect, it } from 'vitest';
import { stewardConfig } from '../config/steward-schema.js';
import { makeTicketLookup } from './ticket-lookup.js';

const config = stewardConfig.parse({
  incidents: {
    trackers: [
      {
        type: 'jira',
        name: 'jira',
        url: 'https://acme.atlassian.net',
        user: 'steward@acme.example',
        token: { env: 'JIRA_TOKEN' },
        project: 'DATA',
      },
    ],
  },
});

/** Jira's answers to a read of one issue, as its REST v3 gives them. */
function lookup(answer: (url: string) => Response | Promise<Response>) {
  const asked: string[] = [];
  const fetch = (async (url: string | URL) => {
    asked.push(String(url));
    return answer(String(url));
  }) as typeof globalThis.fetch;
  return { asked, look: makeTicketLookup(config, { fetch, secret: () => 'token' }) };
}

describe('a ticket', () => {
  it('is there when the system knows it, and is asked for by its number alone', async () => {
    const { asked, look } = lookup(() =>
      Response.json({ key: 'DATA-7', fields: { status: { statusCategory: { key: 'new' } } } }),
    );
    expect(await look('jira', 'DATA-7/../../user')).toBe('there');
    expect(asked[0]).toContain('/rest/api/3/issue/DATA-7%2F..%2F..%2Fuser?');
  });

  it('is not there when the system says so', async () => {
    expect(await lookup(() => new Response('{}', { status: 404 })).look('jira', 'DATA-999')).toBe(
      'not-there',
    );
  });

  it.each([
    ['is down', () => new Response('no', { status: 503 })],
    ['asks for patience', () => new Response('', { status: 429 })],
    ['answers something else', () => Response.json({ hello: true })],
    [
      'cannot be reached',
      () => {
        throw new Error('connection refused');
      },
    ],
  ])('is unknown while the system %s', async (_how, answer) => {
    expect(await lookup(answer).look('jira', 'DATA-7')).toBe('unknown');
  });

  it('is unknown in a system that nobody set up', async () => {
    expect(await lookup(() => new Response('{}')).look('elsewhere', 'DATA-7')).toBe('unknown');
  });
});
