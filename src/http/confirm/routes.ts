import { randomBytes } from 'node:crypto';
import {
  confirmApproval,
  readWanted,
  startSignIn,
  takeSignIn,
} from '../../approvals/confirmation/confirmations.js';
import { withSlash } from '../../approvals/confirmation/in-engine.js';
import { StewardError } from '../../errors.js';
import type { Services } from '../../services.js';
import type { HttpResponse } from '../server.js';
import { askPage, wordsPage } from './page.js';
import { makeSignInProvider } from './sign-in.js';

export interface ConfirmRequest {
  method: string;
  /** Path and query as they came. */
  url: URL;
  cookie: string | undefined;
  origin: string | undefined;
}

/** `GET /confirm/<id>`, `POST /confirm/<id>`, `GET /confirm/callback`; null where no second confirmation is set up. */
export type ConfirmRoutes = (request: ConfirmRequest) => Promise<HttpResponse | null>;

const cookieName = 'steward_confirm';

/** The way of an approver's browser: a page that says what it is about, the identity provider, back with an identity. */
export function makeConfirmRoutes(services: Services): ConfirmRoutes {
  const config = services.config.confirmation;
  if (!config) return async () => null;
  const provider = makeSignInProvider(config, services.secret);
  const base = new URL(withSlash(config.publicUrl));
  const validForMs = config.validFor;
  const secure = base.protocol === 'https:' ? '; Secure' : '';
  const cookie = (value: string, seconds: number): string =>
    `${cookieName}=${value}; HttpOnly; SameSite=Lax; Path=${base.pathname}confirm; Max-Age=${seconds}${secure}`;

  async function start(id: string): Promise<HttpResponse> {
    const now = services.clock.now();
    await readWanted(services, { id, now });
    const begun = await provider.begin();
    const browser = randomBytes(32).toString('base64url');
    const { state, nonce, codeVerifier } = begun;
    await startSignIn(services, { id, signIn: { state, nonce, codeVerifier, browser }, now });
    return {
      status: 303,
      headers: {
        location: begun.url.href,
        'set-cookie': cookie(browser, Math.ceil(validForMs / 1_000)),
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
      },
    };
  }

  async function comeBack(request: ConfirmRequest): Promise<HttpResponse> {
    const now = services.clock.now();
    const state = request.url.searchParams.get('state') ?? '';
    const browser = cookieOf(request.cookie) ?? '';
    const taken = await takeSignIn(services, { state, browser, now });
    let identity: Awaited<ReturnType<typeof provider.finish>>;
    try {
      identity = await provider.finish(request.url, { ...taken, state });
    } catch (error) {
      services.log.warn({ err: error, confirmation: taken.id }, 'a second confirmation was not accepted');
      return wordsPage(
        400,
        'Not confirmed',
        'The sign-in was not completed or could not be checked. Nothing was decided. Press Approve in Slack again.',
      );
    }
    const decided = await confirmApproval(services, { id: taken.id, identity, now });
    const done = wordsPage(200, 'Confirmed', decided.text);
    return { ...done, headers: { ...done.headers, 'set-cookie': cookie('', 0) } };
  }

  return async (request) => {
    const part = /\/confirm\/([^/]+)$/.exec(request.url.pathname)?.[1] ?? '';
    try {
      if (request.method === 'GET' && part === 'callback') return await comeBack(request);
      // Only our own page may begin: another site's form must not lead anybody past what they would approve.
      if (request.method === 'POST' && request.origin !== base.origin) {
        return wordsPage(
          403,
          'Not confirmed',
          'This did not come from the page that Steward shows. Nothing was decided.',
        );
      }
      if (request.method === 'POST') return await start(part);
      const wanted = await readWanted(services, { id: part, now: services.clock.now() });
      return askPage(wanted, `${base.pathname}confirm/${wanted.id}`);
    } catch (error) {
      if (error instanceof StewardError) {
        const status = error.code === 'not_found' ? 404 : 403;
        return wordsPage(status, 'Not confirmed', error.message);
      }
      services.log.error({ err: error }, 'a second confirmation failed');
      return wordsPage(
        503,
        'Not confirmed',
        'The sign-in could not be reached. Nothing was decided. Try again in a minute; if it keeps failing, tell an administrator.',
      );
    }
  };
}

function cookieOf(header: string | undefined): string | undefined {
  for (const pair of (header ?? '').split(';')) {
    const [name, value] = pair.trim().split('=');
    if (name === cookieName && value) return value;
  }
  return undefined;
}
