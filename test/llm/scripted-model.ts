import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the next answer is: a status with a body, after a while or never finished. */
export interface Scripted {
  status?: number;
  json?: unknown;
  text?: string;
  stallMs?: number;
  /** Sends the head and half of the body, and then nothing more. */
  drip?: boolean;
  hangUp?: boolean;
}

export interface ScriptedModel {
  url: string;
  /** What it says from now on. */
  say: (how: (body: string) => Scripted) => void;
  /** Bodies of what it was asked. */
  asked: string[];
  stop: () => void;
}

/** A server that speaks OpenAI's Responses API and says what a test wants, well or badly. */
export async function startScriptedModel(): Promise<ScriptedModel> {
  let how: (body: string) => Scripted = () => ({ status: 500, json: {} });
  const asked: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString('utf8');
    });
    request.on('end', () => {
      asked.push(body);
      const { status = 200, json = {}, text, stallMs = 0, drip = false, hangUp = false } = how(body);
      if (hangUp) return void response.socket?.destroy();
      const content = text ?? JSON.stringify(json);
      setTimeout(() => {
        response.writeHead(status, { 'content-type': 'application/json' });
        if (drip) response.write(content.slice(0, content.length / 2));
        else response.end(content);
      }, stallMs);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    say: (next) => {
      how = next;
    },
    asked,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

const shared = {
  object: 'response',
  created_at: 1_770_000_000,
  error: null,
  incomplete_details: null,
  instructions: null,
  metadata: {},
  model: 'any',
  parallel_tool_calls: true,
  temperature: 1,
  tool_choice: 'auto',
  tools: [],
  top_p: 1,
  usage: {
    input_tokens: 200,
    output_tokens: 50,
    total_tokens: 250,
    input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
    output_tokens_details: { reasoning_tokens: 0 },
  },
};

/** A finished response whose one message has this content. */
export function responseWith(part: Record<string, unknown>, more: Record<string, unknown> = {}) {
  return {
    id: 'resp_1',
    ...shared,
    status: 'completed',
    output: [{ id: 'msg_1', type: 'message', role: 'assistant', status: 'completed', content: [part] }],
    ...more,
  };
}

/** A finished response that says this text, or this value as JSON. */
export function said(value: unknown, more: Record<string, unknown> = {}) {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return responseWith({ type: 'output_text', text, annotations: [], logprobs: [] }, more);
}

/** The first id that the question's record carries: what a well-behaved model cites. */
export function idsIn(body: string): string[] {
  return [...body.matchAll(/(?:Record|Candidate) (\S+?):/g)].flatMap((match) => match[1] ?? []);
}
