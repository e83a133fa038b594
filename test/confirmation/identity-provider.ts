import { generateKeyPairSync } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

export interface IdentityProvider {
  issuer: string;
  /** Stops answering, and starts again at the same address. */
  stop: () => Promise<void>;
  start: () => Promise<void>;
}

/** A real OpenID provider of another party (npm `oidc-provider`), with its own sign-in pages. Anybody may sign in by account name. */
export async function startIdentityProvider(params: {
  port: number;
  redirectUri: string;
  /** Account to its claims. */
  accounts: Record<string, { email?: string; email_verified?: boolean }>;
}): Promise<IdentityProvider> {
  const issuer = `http://127.0.0.1:${params.port}`;
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'steward',
        client_secret: 'a secret of this test',
        redirect_uris: [params.redirectUri],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256' }] },
    cookies: { keys: ['a key of this test'] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    pkce: { required: () => true },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, ...params.accounts[id] }) }),
    ttl: {
      Session: 3_600,
      Interaction: 600,
      Grant: 600,
      AccessToken: 600,
      IdToken: 600,
      AuthorizationCode: 60,
    },
  });
  let server: http.Server | null = null;
  const start = async (): Promise<void> => {
    server = http.createServer(provider.callback());
    await new Promise<void>((resolve) => server?.listen(params.port, '127.0.0.1', resolve));
  };
  await start();
  return {
    issuer,
    start,
    stop: async () => {
      server?.closeAllConnections();
      await new Promise((resolve) => server?.close(resolve));
    },
  };
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = http.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
