import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { isObject } from '../mrkdwn.js';
import { type Ack, ackLimitMs, type Transport } from './ack.js';
import { acceptWebSocket, type ServerSocket } from './websocket.js';

/** Socket Mode: tickets, up to ten connections, each envelope to exactly one of them, acks by envelope id. */
export interface SocketTransport extends Transport {
  /** A single-use address for `apps.connections.open`. */
  ticket(origin: string): string;
  /** Takes over an HTTP upgrade; answers false when the ticket is no good. */
  upgrade(request: IncomingMessage, stream: Duplex): boolean;
  connections(): number;
  /** Tells every connection to reconnect, as Slack does every few hours. */
  refresh(): void;
}

const connectionsMax = 10;
const pingEveryMs = 10_000;

export function makeSocketTransport(app: { id: string }): SocketTransport {
  const tickets = new Set<string>();
  const open: ServerSocket[] = [];
  const waiting = new Map<string, { socket: ServerSocket; done: (payload: unknown) => void }>();
  let turn = 0;
  const pings = setInterval(() => {
    for (const socket of open) socket.ping();
  }, pingEveryMs);
  pings.unref();

  function received(socket: ServerSocket, text: string): void {
    let message: unknown;
    try {
      message = JSON.parse(text);
    } catch {
      return;
    }
    if (!isObject(message) || typeof message.envelope_id !== 'string') return;
    const envelope = waiting.get(message.envelope_id);
    // Only the connection that was given an envelope can ack it.
    if (envelope?.socket === socket) envelope.done(message.payload);
  }

  return {
    ticket: (origin) => {
      const ticket = randomBytes(16).toString('hex');
      tickets.add(ticket);
      return `${origin.replace(/^http/, 'ws')}/link/?ticket=${ticket}&app_id=${app.id}`;
    },
    upgrade: (request, stream) => {
      const url = new URL(request.url ?? '/', 'http://localhost');
      if (url.pathname !== '/link/' || !tickets.delete(url.searchParams.get('ticket') ?? '')) return false;
      if (open.length >= connectionsMax) return false;
      const socket = acceptWebSocket(request, stream);
      open.push(socket);
      socket.onText((text) => received(socket, text));
      socket.onClose(() => {
        const at = open.indexOf(socket);
        if (at >= 0) open.splice(at, 1);
      });
      socket.send(
        JSON.stringify({
          type: 'hello',
          num_connections: open.length,
          connection_info: { app_id: app.id },
          debug_info: { host: 'playground', approximate_connection_time: 18_060 },
        }),
      );
      return true;
    },
    connections: () => open.length,
    refresh: () => {
      for (const socket of [...open])
        socket.send(JSON.stringify({ type: 'disconnect', reason: 'refresh_requested' }));
    },
    attempt: ({ kind, payload, retry, fault }) => {
      const startedMs = performance.now();
      const ms = (): number => Math.round((performance.now() - startedMs) * 10) / 10;
      turn += 1;
      const socket = open[turn % Math.max(open.length, 1)];
      if (socket === undefined)
        return Promise.resolve({ ok: false, ms: 0, reason: 'no_connection', noRetry: false });
      if (fault === 'drop_connection') {
        socket.close(1011);
        return Promise.resolve({ ok: false, ms: 0, reason: 'connection_failed', noRetry: false });
      }
      const envelopeId = randomUUID();
      return new Promise<Ack>((resolve) => {
        const timer = setTimeout(() => {
          waiting.delete(envelopeId);
          resolve({ ok: false, ms: ms(), reason: 'http_timeout', noRetry: false });
        }, ackLimitMs);
        waiting.set(envelopeId, {
          socket,
          done: (body) => {
            if (fault === 'late') return;
            clearTimeout(timer);
            waiting.delete(envelopeId);
            const given = isObject(body) && Object.keys(body).length > 0 ? body : null;
            resolve({ ok: true, ms: ms(), body: given });
          },
        });
        socket.send(
          JSON.stringify({
            envelope_id: envelopeId,
            type: kind,
            accepts_response_payload: kind !== 'events_api',
            payload,
            ...(kind === 'events_api'
              ? { retry_attempt: retry?.num ?? 0, retry_reason: retry?.reason ?? '' }
              : {}),
          }),
        );
      });
    },
    stop: async () => {
      clearInterval(pings);
      for (const socket of [...open]) socket.close(1001);
    },
  };
}
