import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

/** The server's side of one WebSocket (RFC 6455), as much as Socket Mode needs: text, ping, pong, close; fragments joined. */
export interface ServerSocket {
  send(text: string): void;
  ping(): void;
  close(code: number): void;
  onText(listener: (text: string) => void): void;
  onClose(listener: () => void): void;
}

const handshakeGuid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const frameBytesMax = 4 * 1024 * 1024;

export function acceptWebSocket(request: IncomingMessage, stream: Duplex): ServerSocket {
  const accept = createHash('sha1')
    .update(`${request.headers['sec-websocket-key'] ?? ''}${handshakeGuid}`)
    .digest('base64');
  stream.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );

  const textListeners: ((text: string) => void)[] = [];
  const closeListeners: (() => void)[] = [];
  let buffered: Buffer = Buffer.alloc(0);
  let fragments: Buffer[] = [];
  let closed = false;
  function ended(): void {
    if (closed) return;
    closed = true;
    for (const listener of closeListeners) listener();
  }
  function write(opcode: number, body: Buffer): void {
    if (closed || stream.destroyed) return;
    stream.write(Buffer.concat([frameHead(opcode, body.length), body]));
  }
  function handle(final: boolean, opcode: number, body: Buffer): void {
    if (opcode === 0x8) {
      write(0x8, body.subarray(0, 2));
      stream.end();
      ended();
    } else if (opcode === 0x9) write(0xa, body);
    else if (opcode === 0x1 || opcode === 0x0) {
      fragments.push(body);
      if (!final) return;
      const text = Buffer.concat(fragments).toString('utf8');
      fragments = [];
      for (const listener of textListeners) listener(text);
    }
  }
  stream.on('data', (chunk: Buffer) => {
    buffered = Buffer.concat([buffered, chunk]);
    for (let frame = readFrame(buffered); frame !== null; frame = readFrame(buffered)) {
      if (frame === 'invalid') {
        stream.destroy();
        return;
      }
      buffered = buffered.subarray(frame.length);
      handle(frame.final, frame.opcode, frame.body);
    }
  });
  stream.on('close', ended);
  stream.on('error', ended);

  return {
    send: (text) => write(0x1, Buffer.from(text, 'utf8')),
    ping: () => write(0x9, Buffer.from('Ping from playground')),
    close: (code) => {
      const body = Buffer.alloc(2);
      body.writeUInt16BE(code);
      write(0x8, body);
      setTimeout(() => stream.destroy(), 200).unref();
    },
    onText: (listener) => textListeners.push(listener),
    onClose: (listener) => closeListeners.push(listener),
  };
}

function frameHead(opcode: number, length: number): Buffer {
  if (length < 126) return Buffer.from([0x80 | opcode, length]);
  if (length < 65_536) {
    const head = Buffer.from([0x80 | opcode, 126, 0, 0]);
    head.writeUInt16BE(length, 2);
    return head;
  }
  const head = Buffer.alloc(10);
  head[0] = 0x80 | opcode;
  head[1] = 127;
  head.writeBigUInt64BE(BigInt(length), 2);
  return head;
}

/** The first whole frame, `null` while it is incomplete; clients must mask theirs. */
function readFrame(
  data: Buffer,
): { final: boolean; opcode: number; body: Buffer; length: number } | null | 'invalid' {
  if (data.length < 2) return null;
  const first = data.readUInt8(0);
  const second = data.readUInt8(1);
  if ((second & 0x80) === 0) return 'invalid';
  let length = second & 0x7f;
  let at = 2;
  if (length === 126) {
    if (data.length < 4) return null;
    length = data.readUInt16BE(2);
    at = 4;
  } else if (length === 127) {
    if (data.length < 10) return null;
    length = Number(data.readBigUInt64BE(2));
    at = 10;
  }
  if (length > frameBytesMax) return 'invalid';
  if (data.length < at + 4 + length) return null;
  const mask = data.subarray(at, at + 4);
  const body = Buffer.from(data.subarray(at + 4, at + 4 + length));
  for (let i = 0; i < body.length; i += 1) body[i] = (body[i] ?? 0) ^ (mask[i % 4] ?? 0);
  return { final: (first & 0x80) !== 0, opcode: first & 0x0f, body, length: at + 4 + length };
}
