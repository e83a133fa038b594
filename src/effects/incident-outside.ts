import { z } from 'zod';
import { dbtCloudOptions } from '../incidents/alerts/dbt-cloud/schema.js';
import { keepAlerts } from '../incidents/alerts/process.js';
import { signTimed } from '../incidents/alerts/signature.js';
import { incidentCard } from '../incidents/change.js';
import { readDelivery } from '../incidents/grouping/replay.js';
import { loadIncident, referenceOf } from '../incidents/incident.js';
import { sayUnpaged } from '../incidents/nudge.js';
import { type OutsideContext, OutsideError, requireOk } from '../incidents/pagers/pager.js';
import { pagers } from '../incidents/pagers/registry.js';
import { severityRank } from '../incidents/severity.js';
import { ticketLink } from '../incidents/tickets.js';
import { trackers } from '../incidents/trackers/registry.js';
import { writtenHash } from '../incidents/trackers/tracker.js';
import { refreshCards } from '../jobs/outgoing.js';
import { defineEffect, type EffectResult, type EffectServices } from './effect.js';

export function outside(services: EffectServices, signal: AbortSignal): OutsideContext {
  return {
    fetch: services.fetch,
    secret: services.secret,
    signal: AbortSignal.any([signal, AbortSignal.timeout(8_000)]),
  };
}

/** Patience where it was asked for, an end where the same would be refused for ever, else another try. */
export function afterFailure(error: unknown, now: Date): EffectResult {
  if (!(error instanceof OutsideError)) throw error;
  if (error.retryAfterSeconds !== null)
    return { waitUntil: new Date(now.getTime() + error.retryAfterSeconds * 1_000), reason: error.message };
  if (error.final) return { dead: error.message };
  throw error;
}

/** The other side knows us and says no: somebody has to look at the key. */
function isRefused(error: unknown): boolean {
  return error instanceof OutsideError && (error.status === 401 || error.status === 403);
}

/** Tells the pager what the page is now: trigger, acknowledge or resolve under the same key. */
export const incidentPage = defineEffect({
  kind: 'incident.page',
  queue: 'io',
  payload: z.object({ pageId: z.uuid() }),
  async run(services, { pageId }, { now, signal, attempt }) {
    const page = await services.db
      .selectFrom('incident_page')
      .selectAll()
      .where('id', '=', pageId)
      .executeTakeFirst();
    const incident = page === undefined ? null : await loadIncident(services.db, page.incident_id);
    if (page === undefined || incident === null) return { done: true };
    const entry = services.config.incidents.pagers.find(({ name }) => name === page.pager);
    const pager = pagers.find(({ type }) => type === entry?.type);
    if (pager === undefined) return { dead: `pager ${page.pager} is not in steward.yml any more` };
    const action =
      page.state === 'acknowledged' ? 'acknowledge' : page.state === 'resolved' ? 'resolve' : 'trigger';
    const rank = severityRank(services.config, incident.severity);
    try {
      await pager.send(outside(services, signal), entry, {
        action,
        dedupKey: page.dedup_key,
        // Of a private incident the pager hears that there is one, and nothing else.
        summary: incident.private
          ? `${referenceOf(incident)} (private)`
          : `${referenceOf(incident)} ${incident.title}`,
        severity: rank === 0 ? 'critical' : rank === 1 ? 'error' : 'warning',
        source: 'steward',
        at: page.created_at,
        details: incident.private
          ? {}
          : { state: incident.state, severity: incident.severity, reason: page.reason },
        link: null,
      });
    } catch (error) {
      const words = error instanceof Error ? error.message.slice(0, 500) : 'failed';
      const final = error instanceof OutsideError && error.final;
      await services.db.transaction().execute(async (trx) => {
        await trx
          .updateTable('incident_page')
          .set({ last_error: words, ...(final ? { state: 'failed' as const } : {}), updated_at: now })
          .where('id', '=', pageId)
          .execute();
        await refreshCards(trx, { kind: incidentCard, id: incident.id }, now);
        // A first failure may pass by itself; a key that is refused does not.
        if (action === 'trigger' && (final || attempt > 1 || isRefused(error)))
          await sayUnpaged(services, trx, incident, pageId, now);
      });
      return afterFailure(error, now);
    }
    await services.db.transaction().execute(async (trx) => {
      await trx
        .updateTable('incident_page')
        .set({
          last_error: null,
          ...(action === 'trigger' ? { state: 'sent' as const } : {}),
          updated_at: now,
        })
        .where('id', '=', pageId)
        .where('state', 'in', action === 'trigger' ? ['wanted', 'failed'] : [page.state])
        .execute();
      await refreshCards(trx, { kind: incidentCard, id: incident.id }, now);
    });
    return { done: true };
  },
});

/** Makes or updates the ticket of an incident; looks for it first, so that a lost answer makes no second one. */
export const incidentTicket = defineEffect({
  kind: 'incident.ticket',
  queue: 'io',
  payload: z.object({ linkId: z.uuid() }),
  async run(services, { linkId }, { now, signal }) {
    const found = await ticketLink(services, linkId);
    if (found === null || found.incident.private) return { done: true };
    const { link, ticket } = found;
    const entry = services.config.incidents.trackers.find(({ name }) => name === link.system);
    const tracker = trackers.find(({ type }) => type === entry?.type);
    if (tracker === undefined) return { dead: `tracker ${link.system} is not in steward.yml any more` };
    const context = outside(services, signal);
    try {
      if (link.external_id === null) {
        const remote =
          (await tracker.find(context, entry, ticket)) ?? (await tracker.create(context, entry, ticket));
        await services.db.transaction().execute(async (trx) => {
          await trx
            .updateTable('incident_link')
            .set({
              external_id: remote.externalId,
              url: remote.url,
              external_state: remote.state,
              written_hash: writtenHash(ticket),
              last_error: null,
              updated_at: now,
            })
            .where('id', '=', linkId)
            .execute();
          await refreshCards(trx, { kind: incidentCard, id: found.incident.id }, now);
        });
        return { done: true };
      }
      if (link.written_hash === writtenHash(ticket)) return { done: true };
      // Written down before it is sent: what comes back faster than our answer is already known as our own.
      await services.db
        .updateTable('incident_link')
        .set({ written_hash: writtenHash(ticket), updated_at: now })
        .where('id', '=', linkId)
        .execute();
      await tracker.update(context, entry, link.external_id, ticket);
    } catch (error) {
      const words = error instanceof Error ? error.message.slice(0, 500) : 'failed';
      await services.db.transaction().execute(async (trx) => {
        await trx
          .updateTable('incident_link')
          .set((eb) => ({
            last_error: words,
            written_hash: eb.fn<string | null>('nullif', ['written_hash', eb.val(writtenHash(ticket))]),
          }))
          .where('id', '=', linkId)
          .execute();
        await refreshCards(trx, { kind: incidentCard, id: found.incident.id }, now);
      });
      return afterFailure(error, now);
    }
    return { done: true };
  },
});

/** A signed outgoing webhook: `X-Steward-Signature: t=…,v1=HMAC-SHA256(t.body)`. */
export const incidentWebhook = defineEffect({
  kind: 'incident.webhook',
  queue: 'io',
  payload: z.object({ incidentId: z.uuid(), index: z.number().int(), event: z.string(), at: z.string() }),
  async run(services, { incidentId, index, event, at }, { key, now, signal }) {
    const incident = await loadIncident(services.db, incidentId);
    const hook = services.config.incidents.webhooks[index];
    if (incident === null || hook === undefined || incident.private) return { done: true };
    const secret = services.secret(hook.secret.env);
    if (!secret) return { dead: `${hook.secret.env} is not set` };
    const body = JSON.stringify({
      id: key,
      event: `incident.${event}`,
      occurred_at: at,
      incident: {
        reference: referenceOf(incident),
        title: incident.title,
        state: incident.state,
        severity: incident.severity,
        drill: incident.drill,
      },
    });
    try {
      const response = await services.fetch(hook.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-steward-signature': signTimed(secret, body, new Date()),
        },
        body,
        signal: AbortSignal.any([signal, AbortSignal.timeout(8_000)]),
        redirect: 'error',
      });
      await requireOk(response, 'the webhook');
      return { done: true };
    } catch (error) {
      return afterFailure(error, now);
    }
  },
});

/** What dbt Cloud's webhook leaves out: the run's own results, read as dbt run results. */
export const incidentArtifacts = defineEffect({
  kind: 'incident.artifacts',
  queue: 'io',
  payload: z.object({ endpoint: z.string(), accountId: z.string(), runId: z.string() }),
  async run(services, { endpoint, accountId, runId }, { now, signal }) {
    const config = services.config.incidents.endpoints.find(
      ({ source, id }) => source === 'dbt-cloud' && id === endpoint,
    );
    const { apiUrl, apiToken } = dbtCloudOptions.safeParse(config?.options).data ?? {};
    if (apiUrl === undefined || apiToken === undefined)
      return { dead: 'options.apiUrl and options.apiToken are not set for this endpoint' };
    const token = services.secret(apiToken.env);
    if (!token) return { dead: `${apiToken.env} is not set` };
    const context = outside(services, signal);
    const artifact = async (name: string): Promise<unknown> => {
      const response = await services.fetch(
        `${apiUrl.replace(/\/$/, '')}/api/v2/accounts/${encodeURIComponent(accountId)}/runs/${encodeURIComponent(runId)}/artifacts/${name}`,
        { headers: { authorization: `Bearer ${token}`, accept: 'application/json' }, signal: context.signal },
      );
      if (response.status === 404) return null;
      return (await requireOk(response, 'dbt Cloud')).json();
    };
    try {
      const results = await artifact('run_results.json');
      if (results === null) return { done: true };
      const manifest = await artifact('manifest.json').catch(() => null);
      const delivery = readDelivery({
        source: 'dbt',
        endpoint: `dbt-cloud/${endpoint}`,
        receivedAt: now,
        body: manifest === null ? results : { run_results: results, manifest },
      });
      // Same run as the job's own alert, whatever dbt calls its invocation: they are one cause.
      const alerts = delivery.alerts.map((alert) => ({ ...alert, run: runId }));
      await services.db.transaction().execute((trx) => keepAlerts(services, trx, alerts, now));
      return { done: true };
    } catch (error) {
      return afterFailure(error, now);
    }
  },
});
