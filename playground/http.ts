import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';

/** Small helpers around node:http. */

export class BodyTooLarge extends Error {
  readonly code = 'body_too_large';
}

export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > maxBytes) throw new BodyTooLarge();
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: object,
  headers: { [name: string]: string } = {},
): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    ...headers,
  });
  response.end(text);
}

export function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' });
  response.end(text);
}

const loopbackNames = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Requests that name another host (DNS rebinding) or come from another site's page are refused. */
export function isOwnHost(hostHeader: string | undefined, port: number): boolean {
  const match = /^(.*?)(?::(\d+))?$/.exec(hostHeader ?? '');
  return match !== null && loopbackNames.has(match[1] ?? '') && Number(match[2] ?? 80) === port;
}
export function isOwnOrigin(origin: string | undefined, port: number): boolean {
  if (origin === undefined) return true;
  return origin.startsWith('http://') && isOwnHost(origin.slice('http://'.length), port);
}

const contentTypes: { [extension: string]: string } = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.ico': 'image/x-icon',
  '.map': 'application/json',
};

/** No foreign code, frames or addresses: what people and apps wrote cannot reach out. */
const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: https:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** A file of the built page; unknown paths without an extension are the page itself. */
export async function sendPage(response: ServerResponse, pageDir: string, pathname: string): Promise<void> {
  const wanted = path.extname(pathname) === '' ? '/index.html' : decodeURIComponent(pathname);
  const file = path.join(pageDir, path.normalize(wanted));
  const inside = file.startsWith(path.resolve(pageDir) + path.sep);
  const bytes = inside ? await readFile(file).catch(() => null) : null;
  if (bytes === null) {
    sendText(response, 404, 'There is no such page.\n');
    return;
  }
  response.writeHead(200, {
    'content-type': contentTypes[path.extname(file)] ?? 'application/octet-stream',
    'cache-control': wanted === '/index.html' ? 'no-store' : 'public, max-age=3600',
    'content-security-policy': contentSecurityPolicy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  });
  response.end(bytes);
}
