import type { IncomingHttpHeaders } from 'node:http';
import { checkWarehouses } from '../access/check-warehouses.js';
import { loadPolicy, readPolicyFiles } from '../approvals/policy/policy-store.js';
import { scheduleActor } from '../audit/record.js';
import { lookForLaterResults } from '../backfills/verify/verify-later.js';
import type { LoadedConfig } from '../config/load-config.js';
import { readRepositories } from '../definitions/repositories/registry.js';
import { accessSchedules } from '../effects/access-schedules.js';
import { answersLearn } from '../effects/answers-learn.js';
import { catalogSchedules } from '../effects/catalog-sync.js';
import { definitionExport } from '../effects/definition-export.js';
import type { RegisteredEffect } from '../effects/effect.js';
import { incidentRoundsSchedule } from '../effects/incident-rounds.js';
import { makeSchedule } from '../effects/schedules.js';
import type { HttpResponse } from '../http/server.js';
import { checkEndpoints } from '../incidents/alerts/check-endpoints.js';
import { processStoredAlert } from '../incidents/alerts/process.js';
import { receiveAlert } from '../incidents/alerts/receive.js';
import { checkOutsideEntries } from '../incidents/check-entries.js';
import { noteEvidence } from '../incidents/evidence.js';
import { readStatusFeed } from '../incidents/schedule.js';
import { watchSilence } from '../incidents/silence.js';
import { askTrackerEveryMs, askTrackers } from '../incidents/ticket-news.js';
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
export async function receiveWebhook(services: Services, delivery: WebhookDelivery): Promise<HttpResponse> {
  const headers = Object.fromEntries(
    Object.entries(delivery.headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
  );
  const reply = await receiveAlert(services, { ...delivery, headers });
  return {
    status: reply.status,
    body: JSON.stringify(reply.body),
    headers: { 'content-type': 'application/json' },
  };
}

/** The public feed of open incidents: private ones and drills are never in it. */
export async function statusFeed(services: Services): Promise<HttpResponse | null> {
  if (!services.config.incidents.statusFeed.enabled) return null;
  const feed = await readStatusFeed(services, services.clock.now());
  return { status: 200, body: JSON.stringify(feed), headers: { 'content-type': 'application/json' } };
}

/** A stored alert, worked. */
export async function workWebhook(services: Services, row: InboxRow): Promise<void> {
  await processStoredAlert(services, row);
}

const policyEveryMs = 60_000;
/** An incident's timeline follows its data this closely. */
const evidenceEveryMs = 60_000;
const silenceEveryMs = 5 * 60_000;

/** Schedules of the domains, from what is configured. */
export function domainSchedules(loaded: LoadedConfig): readonly RegisteredEffect[] {
  return [
    ...accessSchedules,
    ...catalogSchedules(loaded),
    answersLearn,
    definitionExport(loaded),
    incidentRoundsSchedule,
    makeSchedule({ kind: 'incident.evidence', everyMs: evidenceEveryMs, run: noteEvidence }),
    makeSchedule({ kind: 'incident.trackers', everyMs: askTrackerEveryMs, run: askTrackers }),
    makeSchedule({ kind: 'incident.silence', everyMs: silenceEveryMs, run: watchSilence }),
    makeSchedule({
      kind: 'policy.load',
      everyMs: policyEveryMs,
      run: (services, now) => loadPolicies(services, loaded, now),
    }),
  ];
}

/** A newer catalog is in memory: who waits for what it may say looks now. Where that fails they look when they would have anyway. */
export async function onNewCatalog(services: Services): Promise<void> {
  try {
    await lookForLaterResults(services.db, services.clock.now());
  } catch (error) {
    services.log.warn({ err: error }, 'backfills could not be told of a newer catalog');
  }
}

/** Puts the policy files in force; when they are broken the last good ones go on. */
async function loadPolicies(services: Services, loaded: LoadedConfig, now: Date): Promise<void> {
  const { files } = loaded.config.policies;
  if (files.length === 0) return;
  await loadPolicy(services, () => readPolicyFiles(loaded.baseDir, files), { actor: scheduleActor, now });
}

/** What must be sound before anything is served: throws `StartRefusedError` naming the key. */
export async function prepareDomains(services: Services, loaded: LoadedConfig): Promise<void> {
  // The demo's own file may be served without the demo's made-up secrets: such an endpoint refuses every caller.
  checkEndpoints(loaded.config, loaded.config.demo ? undefined : services.secret);
  checkOutsideEntries(loaded.config);
  checkWarehouses(loaded.config);
  readRepositories(loaded.config.catalog.sources);
  await loadPolicies(services, loaded, services.clock.now());
}
