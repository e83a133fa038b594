import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  method: string;
  path: string;
  query: URLSearchParams;
  body: unknown;
  text: string;
  headers: IncomingHttpHeaders;
}

/** `lost`: the work is done, then the connection dies before an answer. */
export interface Told {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
  lost?: boolean;
}

export interface FakeServer {
  url: string;
  asked: Asked[];
  answer: (answer: (asked: Asked) => Told) => void;
  close: () => Promise<void>;
}

/** A system with state of its own, on loopback, whose answers a test decides. */
export async function startFakeServer(): Promise<FakeServer> {
  const asked: Asked[] = [];
  let answer: (one: Asked) => Told = () => ({ status: 404, body: { detail: 'nothing here' } });
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://fake');
      const text = Buffer.concat(chunks).toString('utf8');
      const one: Asked = {
        method: request.method ?? 'GET',
        path: url.pathname,
        query: url.searchParams,
        body: text === '' ? null : JSON.parse(text),
        text,
        headers: request.headers,
      };
      asked.push(one);
      const told = answer(one);
      if (told.lost === true) {
        request.socket.destroy();
        return;
      }
      response.writeHead(told.status, { 'content-type': 'application/json', ...told.headers });
      response.end(told.body === undefined ? '' : JSON.stringify(told.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    answer: (next) => {
      answer = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
