import { createHmac, timingSafeEqual } from 'node:crypto';
import type { SignatureCheck, SignatureVerdict } from './alert.js';

/** Hex HMAC of the parts, in order. */
export function hexHmac(
  algorithm: 'sha256' | 'sha512',
  secret: string,
  ...parts: (string | Uint8Array)[]
): string {
  const mac = createHmac(algorithm, secret);
  for (const part of parts) mac.update(part);
  return mac.digest('hex');
}

/** Compares two secrets in a time that does not tell where they differ. */
export function sameSecret(given: string, expected: string): boolean {
  const key = 'steward-compare';
  const left = createHmac('sha256', key).update(given).digest();
  const right = createHmac('sha256', key).update(expected).digest();
  return timingSafeEqual(left, right);
}

/** The value of a header whatever its case. */
export function headerOf(headers: SignatureCheck['headers'], name: string): string | null {
  const wanted = name.toLowerCase();
  for (const [key, value] of Object.entries(headers)) if (key.toLowerCase() === wanted) return value ?? null;
  return null;
}

/** A plain hex HMAC-SHA256 of the raw body in one header, with or without a `sha256=` or `v1=` before it; several by comma. */
export function verifyBodyHmac(check: SignatureCheck, defaultHeader: string): SignatureVerdict {
  const header = headerOf(check.headers, check.header ?? defaultHeader);
  if (header === null) return 'malformed';
  const given = header.split(',').map((part) => part.trim().replace(/^(sha256|v1)=/i, ''));
  if (!given.some((part) => /^[0-9a-f]{64}$/i.test(part))) return 'malformed';
  const expected = hexHmac('sha256', check.secret, check.rawBody);
  return given.some((part) => sameSecret(part.toLowerCase(), expected)) ? 'ok' : 'wrong';
}

/** `t=<seconds>,v1=<hex>` over `<t>.<body>`: what our own outgoing webhooks send, and what the generic endpoint takes. */
export function verifyTimedHmac(check: SignatureCheck, defaultHeader: string): SignatureVerdict {
  const header = headerOf(check.headers, check.header ?? defaultHeader);
  if (header === null) return 'malformed';
  const time = /(?:^|,)\s*t=(\d{9,11})(?:,|$)/.exec(header)?.[1];
  const macs = [...header.matchAll(/(?:^|,)\s*v1=([0-9a-f]{64})/gi)].map((match) => match[1] ?? '');
  if (time === undefined || macs.length === 0) return 'malformed';
  const expected = hexHmac('sha256', check.secret, `${time}.`, check.rawBody);
  if (!macs.some((mac) => sameSecret(mac.toLowerCase(), expected))) return 'wrong';
  const age = Math.abs(check.now.getTime() / 1000 - Number(time));
  return age <= check.toleranceSeconds ? 'ok' : 'stale';
}

/** Signs as `verifyTimedHmac` reads. */
export function signTimed(secret: string, body: string, now: Date): string {
  const time = Math.floor(now.getTime() / 1000);
  return `t=${time},v1=${hexHmac('sha256', secret, `${time}.`, body)}`;
}
