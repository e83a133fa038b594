import type { StewardConfig } from '../src/config/steward-schema.js';
import { signTimed } from '../src/incidents/alerts/signature.js';
import type { Delivery } from './story/deliveries.js';

/** Where the company's tools post to, and what they prove themselves with. */
export interface WebhookTarget {
  /** `http://127.0.0.1:3000`. */
  baseUrl: string;
  config: StewardConfig;
  secret: (name: string) => string | undefined;
  fetch: typeof globalThis.fetch;
  now: () => Date;
}

/** Steward did not take a delivery of the story. */
export class WebhookRefusedError extends Error {
  readonly code = 'webhook_refused';
}

type Auth = StewardConfig['incidents']['endpoints'][number]['auth'];

/** The headers by which an endpoint knows its caller. */
function authHeaders(auth: Auth, secret: string, body: string, now: Date): Record<string, string> {
  switch (auth.type) {
    case 'bearer':
      return { authorization: `Bearer ${secret}` };
    case 'basic':
      return { authorization: `Basic ${Buffer.from(`${auth.user}:${secret}`).toString('base64')}` };
    case 'header':
      return { [auth.header]: secret };
    case 'signature':
      return { [auth.header ?? 'x-steward-signature']: signTimed(secret, body, now) };
  }
}

/** Posts what a tool of the company would, authenticated as its endpoint in steward.yml asks for. */
export function makePostWebhook(target: WebhookTarget): (delivery: Delivery) => Promise<void> {
  return async ({ source, id, body }) => {
    const endpoint = target.config.incidents.endpoints.find(
      (each) => each.source === source && each.id === id,
    );
    const name = endpoint?.auth.secrets[0]?.env;
    const secret = name === undefined ? undefined : target.secret(name);
    if (!endpoint || secret === undefined) {
      throw new WebhookRefusedError(`steward.yml has no endpoint ${source}/${id}, or its secret is not set.`);
    }
    const text = JSON.stringify(body);
    const response = await target.fetch(`${target.baseUrl}/webhooks/${source}/${id}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...authHeaders(endpoint.auth, secret, text, target.now()),
      },
      body: text,
    });
    if (!response.ok) {
      throw new WebhookRefusedError(
        `/webhooks/${source}/${id} answered ${response.status}: ${await response.text()}`,
      );
    }
  };
}
