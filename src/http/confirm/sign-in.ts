import * as oidc from 'openid-client';
import type { Identity } from '../../approvals/confirmation/confirmations.js';
import { withSlash } from '../../approvals/confirmation/in-engine.js';
import type { StewardConfig } from '../../config/steward-schema.js';

type ConfirmationConfig = NonNullable<StewardConfig['confirmation']>;

export interface Begun {
  /** Where the browser goes to sign in. */
  url: URL;
  state: string;
  nonce: string;
  codeVerifier: string;
}

/**
 * The identity provider, by OpenID Connect's authorization-code flow with PKCE (RFC 7636). The person signs in afresh (`prompt=login`,
 * `max_age=0`, OpenID Connect Core 3.1.2.1): a session that was left open confirms nothing.
 */
export interface SignInProvider {
  begin: () => Promise<Begun>;
  /** Exchanges the code and checks state, nonce, signature, audience, times. Throws when anything of it is wrong. */
  finish: (
    returned: URL,
    expected: { state: string; nonce: string; codeVerifier: string },
  ) => Promise<Identity>;
}

const patienceSeconds = 5;
/** The provider's clock may differ by this much. */
const clockToleranceSeconds = 30;

export function makeSignInProvider(
  config: ConfirmationConfig,
  secret: (name: string) => string | undefined,
): SignInProvider {
  const redirectUri = new URL('confirm/callback', withSlash(config.publicUrl)).href;
  let known: Promise<oidc.Configuration> | null = null;

  /** Read once per process; a provider that could not be reached is asked again next time. */
  function discovered(): Promise<oidc.Configuration> {
    known ??= discover(config, secret).catch((error: unknown) => {
      known = null;
      throw error;
    });
    return known;
  }

  return {
    begin: async () => {
      const provider = await discovered();
      const codeVerifier = oidc.randomPKCECodeVerifier();
      const state = oidc.randomState();
      const nonce = oidc.randomNonce();
      const url = oidc.buildAuthorizationUrl(provider, {
        redirect_uri: redirectUri,
        scope: 'openid email',
        state,
        nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
        prompt: 'login',
        max_age: '0',
      });
      return { url, state, nonce, codeVerifier };
    },
    finish: async (returned, expected) => {
      const provider = await discovered();
      const at = new URL(redirectUri);
      at.search = returned.search;
      const tokens = await oidc.authorizationCodeGrant(provider, at, {
        expectedState: expected.state,
        expectedNonce: expected.nonce,
        pkceCodeVerifier: expected.codeVerifier,
        maxAge: config.validFor / 1_000,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (!claims) throw new Error('the provider sent no ID token');
      const said =
        claims.email === undefined
          ? await oidc.fetchUserInfo(provider, tokens.access_token, claims.sub)
          : claims;
      return {
        issuer: claims.iss,
        subject: claims.sub,
        email: typeof said.email === 'string' ? said.email : null,
        emailVerified: said.email_verified === true,
      };
    },
  };
}

async function discover(
  config: ConfirmationConfig,
  secret: (name: string) => string | undefined,
): Promise<oidc.Configuration> {
  const issuer = new URL(config.issuer);
  const clientSecret = config.clientSecret === undefined ? undefined : secret(config.clientSecret.env);
  const authentication = clientSecret === undefined ? oidc.None() : oidc.ClientSecretBasic(clientSecret);
  const provider = await oidc.discovery(
    issuer,
    config.clientId,
    { [oidc.clockTolerance]: clockToleranceSeconds },
    authentication,
    {
      timeout: patienceSeconds,
      // A provider on this machine (tests, a proxy beside it) may speak plain HTTP; the schema refuses any other.
      ...(issuer.protocol === 'http:' ? { execute: [oidc.allowInsecureRequests] } : {}),
    },
  );
  provider.timeout = patienceSeconds;
  return provider;
}
