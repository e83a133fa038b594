import { createHash } from 'node:crypto';
import { storableJson } from '../../db/storable.js';
import type { Services } from '../../services.js';
import { authenticate } from './authenticate.js';
import { alertSource } from './registry.js';

export interface AlertRequest {
  source: string;
  endpointId: string;
  headers: Readonly<Record<string, string | undefined>>;
  rawBody: Uint8Array;
  remoteAddress: string | null;
  now: Date;
}

export interface AlertReply {
  status: number;
  body: { ok: boolean; error?: string; duplicate?: boolean };
}

/** Largest body taken, in bytes. */
export const maxAlertBytes = 2 * 1024 * 1024;
/** A body that comes again within this time is a redelivery; later the same words are a new occurrence. */
const sameDeliveryMs = 10 * 60_000;

/**
 * Takes an alert in: authenticates, stores it raw, answers. What it means is worked out later (`processStoredAlert`), so that the sender
 * is never kept waiting and nothing is lost.
 */
export async function receiveAlert(services: Services, request: AlertRequest): Promise<AlertReply> {
  const endpoint = services.config.incidents.endpoints.find(
    ({ source, id }) => source === request.source && id === request.endpointId,
  );
  const source = alertSource(request.source);
  if (endpoint === undefined || source === null) return refuse(404, 'there is no such endpoint');
  if (request.rawBody.byteLength > maxAlertBytes)
    return refuse(413, `the body is over ${maxAlertBytes} bytes`);
  if (endpoint.addresses.length > 0 && !endpoint.addresses.includes(plainAddress(request.remoteAddress))) {
    return refuse(403, 'this address may not send here');
  }
  const verdict = authenticate({
    auth: endpoint.auth,
    source,
    headers: request.headers,
    rawBody: request.rawBody,
    secret: services.secret,
    now: request.now,
  });
  if (!verdict.ok) {
    services.log.warn(
      { source: request.source, endpoint: request.endpointId, why: verdict.why },
      'an alert was refused',
    );
    return refuse(verdict.status, verdict.why);
  }
  const read = readJson(request.rawBody);
  if (read.refused !== undefined) return refuse(400, read.refused);
  const digest = createHash('sha256').update(request.rawBody).digest('hex');
  const bucket = Math.floor(request.now.getTime() / sameDeliveryMs);
  const stored = await services.db
    .insertInto('inbox')
    .values({
      key: `webhook:${request.source}:${request.endpointId}:${digest}:${bucket}`,
      transport: 'webhook',
      kind: `alert:${request.source}`,
      body: `{"source":${JSON.stringify(request.source)},"endpoint":${JSON.stringify(request.endpointId)},"body":${read.json}}`,
      run_at: request.now,
      received_at: request.now,
    })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .executeTakeFirst();
  const duplicate = (stored.numInsertedOrUpdatedRows ?? 0n) === 0n;
  return duplicate
    ? { status: 200, body: { ok: true, duplicate: true } }
    : { status: 202, body: { ok: true } };
}

function refuse(status: number, error: string): AlertReply {
  return { status, body: { ok: false, error } };
}

/** The body as it can be stored, or why not: losing half a character is better than losing the alert. */
function readJson(rawBody: Uint8Array): { json: string; refused?: undefined } | { refused: string } {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(rawBody).replaceAll('\u0000', '');
    return { json: storableJson(JSON.parse(text)) };
  } catch (error) {
    return { refused: error instanceof RangeError ? 'the body is nested too deep' : 'the body is not JSON' };
  }
}

/** IPv4 that arrives through an IPv6 socket is still that address. */
function plainAddress(address: string | null): string {
  return (address ?? '').replace(/^::ffff:/i, '');
}
