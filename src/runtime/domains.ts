import type { IncomingHttpHeaders } from 'node:http';
import type { LoadedConfig } from '../config/load-config.js';
import { catalogSchedules } from '../effects/catalog-sync.js';
import type { RegisteredEffect } from '../effects/effect.js';
import type { HttpResponse } from '../http/server.js';
import type { InboxRow } from '../jobs/run-inbox.js';
import type { Services } from '../services.js';

export interface WebhookDelivery {
  source: string;
  endpointId: string;
  headers: IncomingHttpHeaders;
  rawBody: Buffer;
  remoteAddress: string;
  now: Date;
}

/** An alert at the door: authenticated, stored, answered fast. */
export async function receiveWebhook(_services: Services, _delivery: WebhookDelivery): Promise<HttpResponse> {
  return { status: 404 };
}

/** A stored alert, worked. */
export async function workWebhook(_services: Services, _row: InboxRow): Promise<void> {}

/** Schedules of the domains, from what is configured. */
export function domainSchedules(loaded: LoadedConfig): readonly RegisteredEffect[] {
  return catalogSchedules(loaded);
}
