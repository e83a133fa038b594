import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixtureConfig, makeEngineFixture } from '../../src/approvals/engine/fixture.js';
import { makeConfirmRoutes } from '../../src/http/confirm/routes.js';
import { startHttpServer } from '../../src/http/server.js';
import { makeTestDatabase } from '../helpers/database.js';
import { type Browser, makeBrowser, type Page } from './browser.js';
import { freePort, startIdentityProvider } from './identity-provider.js';

const policy = `
version: 1
rules:
  - name: riskiest
    kind: access
    when: { classification: pii }
    secondConfirmation: oidc
    stages:
      - { name: Owner, from: [owner] }
      - { name: Governance, from: [{ team: governance }] }
`;

const [port, idpPort] = [await freePort(), await freePort()];
const publicUrl = `http://127.0.0.1:${port}`;
const provider = await startIdentityProvider({
  port: idpPort,
  redirectUri: `${publicUrl}/confirm/callback`,
  accounts: {
    owen: { email: 'Owen@example.com', email_verified: true },
    gina: { email: 'gina@example.com', email_verified: true },
    'owen-unverified': { email: 'owen@example.com', email_verified: false },
    nobody: {},
  },
});
const engine = await makeEngineFixture(
  await makeTestDatabase(),
  policy,
  {
    ...fixtureConfig,
    confirmation: {
      issuer: provider.issuer,
      clientId: 'steward',
      clientSecret: { env: 'OIDC_SECRET' },
      publicUrl,
      validFor: '10m',
    },
  },
  { OIDC_SECRET: 'a secret of this test' },
);
const { services, approvals } = engine;

beforeAll(async () => {
  const server = await startHttpServer(services.log, {
    port,
    host: '127.0.0.1',
    confirm: makeConfirmRoutes(services),
    webhook: async () => ({ status: 404 }),
    ready: async () => true,
    statusFeed: async () => null,
    open: () => ({ status: 404 }),
    metrics: async () => ({ status: 404 }),
  });
  afterAll(async () => {
    await server.stop();
    await provider.stop();
  });
});

async function press(requestId: string, name: string, shortenToMs?: number) {
  return approvals.decide({
    requestId,
    personId: engine.id(name),
    actor: engine.actor(name),
    verdict: 'approve',
    reason: null,
    ...(shortenToMs === undefined ? {} : { shortenToMs }),
    now: services.clock.now(),
  });
}

/** From Steward's page through the provider's sign-in and consent, back to Steward. */
async function signIn(browser: Browser, url: string, account: string): Promise<Page> {
  return finishSignIn(browser, await browser.send(await browser.open(url)), account);
}

async function finishSignIn(browser: Browser, login: Page, account: string): Promise<Page> {
  const consent = await browser.send(login, { login: account, password: 'any' });
  return consent.url.port === String(port) ? consent : browser.send(consent);
}

const given = async (requestId: string) =>
  services.db
    .selectFrom('approval_decision')
    .select(['stage', 'person_id'])
    .where('request_id', '=', requestId)
    .orderBy('id')
    .execute();

const audited = async (subjectId: string) =>
  (
    await services.db
      .selectFrom('audit')
      .select('action')
      .where('subject_id', '=', subjectId)
      .orderBy('id')
      .execute()
  ).map((row) => row.action);

async function pressed(name = 'owen') {
  const asked = await engine.ask();
  const { confirmUrl = '' } = await press(asked.requestId, name);
  return { ...asked, confirmUrl };
}

describe('an approval that policy wants confirmed by a second sign-in [A-oidc]', () => {
  it('decides nothing when it is pressed, and counts once the approver has signed in', async () => {
    const { requestId, subjectId, confirmUrl } = await pressed();
    expect(confirmUrl).toMatch(/\/confirm\/[0-9a-f-]{36}$/);
    expect(await given(requestId)).toEqual([]);
    const browser = makeBrowser();
    const page = await browser.open(confirmUrl);
    expect(page.text).toContain('ACC-1: read on payouts for 7 days');
    expect(page.text).toContain('Rita');
    const done = await finishSignIn(browser, await browser.send(page), 'owen');
    expect(done.status).toBe(200);
    expect(done.text).toContain('Owner');
    expect(await given(requestId)).toEqual([{ stage: 0, person_id: engine.id('owen') }]);
    const second = await press(requestId, 'gina');
    await signIn(makeBrowser(), second.confirmUrl ?? '', 'gina');
    expect(await engine.state(requestId)).toBe('approved');
    expect(await audited(subjectId)).toEqual([
      'approval.request',
      'approval.confirmation_wanted',
      'approval.confirmed',
      'approval.approve',
      'approval.confirmation_wanted',
      'approval.confirmed',
      'approval.approve',
      'approval.approved',
    ]);
  });

  it.each([
    ['somebody else', 'gina'],
    ['their own address that was never verified', 'owen-unverified'],
    ['no e-mail address', 'nobody'],
  ])('is refused for an identity with %s, and that is recorded', async (_what, account) => {
    const { requestId, subjectId, confirmUrl } = await pressed();
    const page = await signIn(makeBrowser(), confirmUrl, account);
    expect(page.status).toBe(403);
    expect(page.text).toContain('Nothing was decided');
    expect(await given(requestId)).toEqual([]);
    expect(await audited(subjectId)).toContain('approval.confirmation_refused');
    expect((await makeBrowser().open(confirmUrl)).status).toBe(404);
  });

  it('cannot be finished by another browser, with another state, or a second time', async () => {
    const { requestId, confirmUrl } = await pressed();
    const browser = makeBrowser();
    const login = await browser.send(await browser.open(confirmUrl));
    const callback = new URL(`${publicUrl}/confirm/callback?code=stolen`);
    callback.searchParams.set('state', 'guessed');
    expect((await browser.open(callback.href)).status).toBe(404);
    const done = await finishSignIn(browser, login, 'owen');
    expect(done.status).toBe(200);
    expect((await browser.open(done.url.href)).status).toBe(404);
    expect((await makeBrowser().open(done.url.href)).status).toBe(404);
    expect(await given(requestId)).toHaveLength(1);
  });

  it('is lost on a browser that did not begin it', async () => {
    const { requestId, confirmUrl } = await pressed();
    const attacker = makeBrowser();
    const login = await attacker.send(await attacker.open(confirmUrl));
    // The attacker lures the approver to the provider's page; their browser never saw Steward's.
    const victim = makeBrowser();
    const returned = await finishSignIn(victim, await victim.open(login.url.href), 'owen');
    expect(returned.status).not.toBe(200);
    expect(await given(requestId)).toEqual([]);
  });

  it('does not begin from the form of another site', async () => {
    const { confirmUrl } = await pressed();
    const browser = makeBrowser();
    const page = await browser.send(await browser.open(confirmUrl), {}, 'https://elsewhere.example');
    expect(page.status).toBe(403);
  });

  it('is over after its time', async () => {
    const { requestId, confirmUrl } = await pressed();
    const browser = makeBrowser();
    const login = await browser.send(await browser.open(confirmUrl));
    services.clock.advance(11 * 60_000);
    expect((await finishSignIn(browser, login, 'owen')).status).toBe(404);
    expect(await given(requestId)).toEqual([]);
  });

  it('means exactly what was pressed: the shorter time, and not a request that has moved on', async () => {
    const { requestId } = await engine.ask();
    const first = await press(requestId, 'owen', 86_400_000);
    await signIn(makeBrowser(), first.confirmUrl ?? '', 'owen');
    const second = await press(requestId, 'gina');
    const browser = makeBrowser();
    const login = await browser.send(await browser.open(second.confirmUrl ?? ''));
    await approvals.decide({
      requestId,
      personId: engine.id('gus'),
      actor: engine.actor('gus'),
      verdict: 'deny',
      reason: 'Not now.',
      now: services.clock.now(),
    });
    const page = await finishSignIn(browser, login, 'gina');
    expect(page.status).toBe(403);
    expect(page.text).toContain('already denied');
    expect(await engine.state(requestId)).toBe('denied');
    const kept = await services.db
      .selectFrom('approval_decision')
      .select('shorten_to_ms')
      .where('request_id', '=', requestId)
      .where('verdict', '=', 'approve')
      .execute();
    expect(kept).toEqual([{ shorten_to_ms: '86400000' }]);
  });

  it('says so when the provider cannot be reached, and works when it can again', async () => {
    const { requestId, confirmUrl } = await pressed();
    await provider.stop();
    const browser = makeBrowser();
    const page = await finishOrFail(browser, confirmUrl);
    expect(page.status).not.toBe(200);
    expect(await given(requestId)).toEqual([]);
    await provider.start();
    expect((await signIn(makeBrowser(), confirmUrl, 'owen')).status).toBe(200);
    expect(await given(requestId)).toHaveLength(1);
  });

  it('needs none to deny', async () => {
    const { requestId } = await engine.ask();
    const decided = await approvals.decide({
      requestId,
      personId: engine.id('owen'),
      actor: engine.actor('owen'),
      verdict: 'deny',
      reason: 'Use the masked view.',
      now: services.clock.now(),
    });
    expect(decided.state).toBe('denied');
  });
});

/** The provider is known from before, so its page is what cannot be reached; a browser shows that by itself. */
async function finishOrFail(browser: Browser, url: string): Promise<Pick<Page, 'status'>> {
  try {
    return await browser.send(await browser.open(url));
  } catch {
    return { status: 0 };
  }
}

describe('without a provider in steward.yml', () => {
  it('what needs one cannot be asked for, and says whom to tell', async () => {
    const bare = await makeEngineFixture(await makeTestDatabase(), policy);
    await expect(bare.ask()).rejects.toThrow(/second sign-in.*Adam/);
  });
});
