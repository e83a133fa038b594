import { randomBytes } from 'node:crypto';
import type { PlayClock, PlayTimers } from '../clock.js';
import type { Faults } from '../faults.js';
import type { BehindLog } from '../live.js';
import { type PlayManifest, subscribed } from '../manifest.js';
import type { PlayLog } from '../options.js';
import type { JsonObject, StatsReply } from '../protocol.js';
import type { PendingDelivery } from '../state/records.js';
import type { PlayState } from '../state/state.js';
import type { Ack, DeliveryKind, Transport } from './ack.js';

/** Sends what happened to the app. */
export interface Delivery {
  /**
   * An event, if the app is subscribed to `name` (`message.im`, `app_mention`); null when it is not. Answers after the first attempt, or
   * after the immediate second one. Further attempts follow after one and five minutes of the playground's clock.
   */
  event(name: string, event: JsonObject): Promise<Ack | null>;
  /** A command or an interaction: one attempt, as in Slack. */
  interact(kind: Exclude<DeliveryKind, 'events_api'>, payload: JsonObject): Promise<Ack>;
  stats(): StatsReply['deliveries'];
  /** Takes up what an earlier run of the playground had not got acked. */
  resume(): void;
}

export interface DeliveryContext {
  transport: Transport;
  state: PlayState;
  clock: PlayClock;
  timers: PlayTimers;
  faults: Faults;
  behind: BehindLog;
  manifest: PlayManifest;
  scopes: ReadonlySet<string>;
  team: { id: string };
  app: { id: string; bot_user_id: string };
  log: PlayLog;
}

/** After the immediate second attempt: one and five minutes (docs.slack.dev/apis/events-api). */
export const redeliveryAfterMs = [0, 60_000, 300_000];

export function makeDelivery(context: DeliveryContext): Delivery {
  const { transport, state, clock, timers, faults, behind, manifest, scopes, team, app, log } = context;
  const ackTimesMs: number[] = [];
  const counts = { total: 0, failed: 0, retried: 0 };

  async function attempt(
    kind: DeliveryKind,
    payload: JsonObject,
    retry?: { num: number; reason: string },
  ): Promise<Ack> {
    const fault = faults.take('delivery');
    const given = retry === undefined ? { kind, payload } : { kind, payload, retry };
    const ack = await transport.attempt({ ...given, fault });
    counts.total += 1;
    if (retry !== undefined) counts.retried += 1;
    if (ack.ok) ackTimesMs.push(ack.ms);
    else counts.failed += 1;
    if (ackTimesMs.length > 10_000) ackTimesMs.shift();
    behind.add({
      kind: 'delivery',
      title: titleOf(kind, payload) + (retry === undefined ? '' : ` (attempt ${retry.num + 1})`),
      ok: ack.ok,
      ms: ack.ms,
      detail: { payload: { ...payload, token: undefined }, answer: ack.ok ? ack.body : ack.reason },
    });
    if (fault === 'duplicate')
      await transport.attempt({ kind, payload, retry: { num: 1, reason: 'http_timeout' } });
    if (!ack.ok) log.warn({ kind, reason: ack.reason, retry: retry?.num ?? 0 }, 'a delivery was not acked');
    return ack;
  }

  async function redeliver(pending: PendingDelivery): Promise<Ack> {
    const ack = await attempt('events_api', pending.payload, { num: pending.retry, reason: pending.reason });
    if (ack.ok || ack.noRetry) state.pending.delete(pending.id);
    else plan(pending.id, pending.payload, pending.retry + 1, ack.reason);
    return ack;
  }
  /** Stores when the next attempt is due, or forgets the event after the third retry. */
  function plan(id: string, payload: JsonObject, retry: number, reason: string): void {
    const afterMs = redeliveryAfterMs[retry - 1];
    if (afterMs === undefined) {
      state.pending.delete(id);
      return;
    }
    const known = reason === 'no_connection' ? 'connection_failed' : reason;
    const pending = { id, payload, retry, reason: known, due_ms: clock.now().getTime() + afterMs };
    state.pending.put(id, pending);
    if (afterMs > 0) wait(pending);
  }
  function wait(pending: PendingDelivery): void {
    timers.at(pending.due_ms, () => {
      const current = state.pending.get(pending.id);
      if (current?.retry === pending.retry) void redeliver(current);
    });
  }

  /** Slack Connect: somebody of another workspace is in the channel. */
  function isShared({ channel }: JsonObject): boolean {
    const members = typeof channel === 'string' ? (state.channels.get(channel)?.members ?? []) : [];
    return members.some((id) => (state.people.get(id)?.team_id ?? team.id) !== team.id);
  }

  return {
    event: async (name, event) => {
      if (!subscribed(manifest, scopes, name)) return null;
      const id = `Ev0PLAY${randomBytes(5).toString('hex').toUpperCase()}`;
      const payload = envelopeOf(
        id,
        event,
        team.id,
        app,
        Math.floor(clock.now().getTime() / 1000),
        isShared(event),
      );
      const first = await attempt('events_api', payload);
      if (first.ok || first.noRetry) return first;
      plan(id, payload, 1, first.reason);
      const pending = state.pending.get(id);
      return pending === undefined ? first : redeliver(pending);
    },
    interact: (kind, payload) => attempt(kind, payload),
    stats: () => {
      const sorted = [...ackTimesMs].sort((a, b) => a - b);
      const at = (share: number): number =>
        sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
      return { ...counts, p50Ms: at(0.5), p99Ms: at(0.99) };
    },
    resume: () => {
      for (const pending of state.pending.values()) wait(pending);
    },
  };
}

function envelopeOf(
  eventId: string,
  event: JsonObject,
  teamId: string,
  app: { id: string; bot_user_id: string },
  eventTime: number,
  isShared: boolean,
): JsonObject {
  return {
    token: 'playground-verification-token',
    team_id: teamId,
    context_team_id: teamId,
    context_enterprise_id: null,
    api_app_id: app.id,
    event,
    type: 'event_callback',
    event_id: eventId,
    event_time: eventTime,
    authorizations: [
      {
        enterprise_id: null,
        team_id: teamId,
        user_id: app.bot_user_id,
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: isShared,
    event_context: `4-${Buffer.from(JSON.stringify({ et: event.type, tid: teamId, aid: app.id })).toString('base64url')}`,
  };
}

function titleOf(kind: DeliveryKind, payload: JsonObject): string {
  if (kind === 'slash_commands') return `${String(payload.command)} ${String(payload.text)}`.trim();
  if (kind === 'interactive') return String(payload.type);
  const event = payload.event;
  return typeof event === 'object' && event !== null && 'type' in event
    ? `event ${String(event.type)}`
    : 'event';
}
