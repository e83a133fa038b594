import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';

/**
 * Key-pair JWT of Snowflake's SQL API: RS256, `iss` is ACCOUNT.USER.SHA256:<fingerprint of the public key>, upper case, without the
 * region part of the account; at most an hour long.
 */
export function makeKeyPairJwt(params: {
  account: string;
  user: string;
  privateKeyPem: string;
  now: Date;
}): string {
  const key = createPrivateKey(params.privateKeyPem);
  const der = createPublicKey(key).export({ type: 'spki', format: 'der' });
  const fingerprint = `SHA256:${createHash('sha256').update(der).digest('base64')}`;
  const account = (params.account.split('.')[0] ?? '').toUpperCase();
  const subject = `${account}.${params.user.toUpperCase()}`;
  const issuedAt = Math.floor(params.now.getTime() / 1000);
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const head = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode({ iss: `${subject}.${fingerprint}`, sub: subject, iat: issuedAt, exp: issuedAt + 3_300 })}`;
  return `${head}.${sign('sha256', Buffer.from(head), key).toString('base64url')}`;
}
