import type { EndpointAuth } from '../../config/incidents-schema.js';
import type { SecretRef } from '../../config/schema-values.js';
import type { AlertSource, SignatureCheck } from './alert.js';
import { headerOf, sameSecret } from './signature.js';

export interface AuthenticateParams {
  auth: EndpointAuth;
  source: AlertSource;
  headers: SignatureCheck['headers'];
  rawBody: Uint8Array;
  secret: (name: string) => string | undefined;
  now: Date;
}

/** `refused` is a wrong credential, `malformed` none that could be one. Neither says which part was wrong. */
export type AuthVerdict = { ok: true } | { ok: false; status: 400 | 401 | 403; why: string };

/**
 * Whether the caller holds one of the endpoint's secrets (two may be valid while one is being replaced). Compared in constant time. An
 * endpoint whose secrets are not set lets nobody in.
 */
export function authenticate(params: AuthenticateParams): AuthVerdict {
  const { auth } = params;
  const secrets = auth.secrets
    .map((ref: SecretRef) => params.secret(ref.env))
    .filter((value): value is string => value !== undefined && value !== '');
  if (secrets.length === 0) return { ok: false, status: 401, why: 'no secret is set for this endpoint' };
  switch (auth.type) {
    case 'bearer': {
      const given = /^Bearer\s+(.+)$/i.exec(headerOf(params.headers, 'authorization') ?? '')?.[1];
      return matchesAny(given, secrets);
    }
    case 'header':
      return matchesAny(headerOf(params.headers, auth.header) ?? undefined, secrets);
    case 'basic': {
      const encoded = /^Basic\s+([A-Za-z0-9+/=]+)$/i.exec(
        headerOf(params.headers, 'authorization') ?? '',
      )?.[1];
      if (encoded === undefined) return { ok: false, status: 401, why: 'no basic credentials' };
      const [user, ...password] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
      const userIsRight = sameSecret(user ?? '', auth.user);
      const verdict = matchesAny(password.join(':'), secrets);
      return userIsRight ? verdict : { ok: false, status: 401, why: 'wrong credentials' };
    }
    case 'signature':
      return signed(params, secrets, auth);
  }
}

function matchesAny(given: string | undefined, secrets: readonly string[]): AuthVerdict {
  if (given === undefined || given === '') return { ok: false, status: 401, why: 'no credentials' };
  let found = false;
  // Every secret is compared, so that the time taken does not tell which one was near.
  for (const secret of secrets) found = sameSecret(given, secret) || found;
  return found ? { ok: true } : { ok: false, status: 401, why: 'wrong credentials' };
}

function signed(
  params: AuthenticateParams,
  secrets: readonly string[],
  auth: Extract<EndpointAuth, { type: 'signature' }>,
): AuthVerdict {
  const verify = params.source.verifySignature;
  if (verify === undefined) return { ok: false, status: 401, why: `${params.source.type} cannot sign` };
  const verdicts = secrets.map((secret) =>
    verify({
      rawBody: params.rawBody,
      headers: params.headers,
      secret,
      now: params.now,
      toleranceSeconds: auth.toleranceSeconds,
      header: auth.header ?? null,
    }),
  );
  if (verdicts.includes('ok')) return { ok: true };
  // 400 and 403 are what makes PagerDuty stop sending the same thing again.
  if (verdicts.includes('stale'))
    return { ok: false, status: 403, why: 'the signature is outside the clock tolerance' };
  return verdicts.every((verdict) => verdict === 'malformed')
    ? { ok: false, status: 400, why: 'no usable signature' }
    : { ok: false, status: 403, why: 'wrong signature' };
}
