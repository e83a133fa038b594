import type { WebClient } from '@slack/web-api';
import type { Person } from '../../people/person.js';
import type { Refusal } from '../caller.js';
import type { DeliveryBody } from '../delivery.js';
import type { Registrations } from '../registrations.js';

export interface EdgeParams {
  registrations: Registrations;
  slack: WebClient;
  identify: (slackUserId: string) => Promise<Person | Refusal>;
  teamId: string;
  botUserId: string;
  fetch: typeof globalThis.fetch;
  /** Reads longer than this are acked and answered by response_url. */
  readBudgetMs?: number;
}

/** One delivery, however it came in. `ack` may be called once; a re-driven delivery's does nothing. */
export interface Delivery {
  body: DeliveryBody;
  key: string;
  /** When it arrived, on the domain's clock. */
  now: Date;
  ack: (response?: AckResponse) => Promise<void>;
}

export type AckResponse = Record<string, unknown>;

/** How a delivery is to be taken in. */
export type Plan =
  | { how: 'read' }
  /** Stored, acked with this, then worked by `perform`. */
  | { how: 'act'; ack: AckResponse | undefined }
  /** Refused by the form's own checks: nothing is stored. */
  | { how: 'reject'; ack: AckResponse }
  | { how: 'ignore' };

export interface Edge {
  /** Says whether a delivery is a read, an act, or a form to be corrected. Reads only. */
  plan: (body: DeliveryBody, now: Date) => Promise<Plan>;
  /** Does what the delivery asks for: a read before its ack, an act in a worker. */
  perform: (delivery: Delivery) => Promise<void>;
  /** When no reply is on its way any more: the end of a process waits for it. */
  settled: () => Promise<void>;
}
