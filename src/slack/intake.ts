import type { App, ReceiverEvent } from '@slack/bolt';
import type { Logger } from 'pino';
import type { Clock } from '../db/clock.js';
import type { Db } from '../db/database.js';
import { storable } from '../db/storable.js';
import type { InboxRow } from '../jobs/run-inbox.js';
import { ackOfFailure } from './ack-of-failure.js';
import { deliveryKey, kindOf, parseDelivery } from './delivery.js';
import type { Edge } from './edge/edge-types.js';
import type { OwnWords } from './own-words.js';
import { makeReplayGuard } from './replay-guard.js';
import { storeDelivery } from './store-delivery.js';

export interface Intake {
  /** The app that a receiver is given: its `processEvent` stores what must not be lost before the ack. */
  wrap: (app: App, transport: 'http' | 'socket') => App;
  /** Finishes a stored delivery, in whatever process. Throws when it must be tried again. */
  redrive: (app: App, row: InboxRow) => Promise<void>;
}

/**
 * Stands between the receiver and Bolt, for HTTP and Socket Mode alike. Acts are written to the inbox, acked, and finished by a worker;
 * a crash in between loses nothing and a redelivery finds its row. Reads go straight through: they are computed before their ack.
 */
export function makeIntake(context: {
  db: Db;
  clock: Clock;
  log: Logger;
  edge: Edge;
  ownWords: OwnWords;
  /** Told how long a delivery waited for its ack: the metrics. */
  onAck?: (delivery: { kind: string; ms: number }) => void;
}): Intake {
  const { db, clock, log, edge, ownWords } = context;
  const seenRead = makeReplayGuard();

  async function take(app: App, transport: 'http' | 'socket', arrived: ReceiverEvent): Promise<void> {
    const given: ReceiverEvent = { ...arrived, body: storable(arrived.body) };
    const body = parseDelivery(given.body);
    if (!body) return given.ack();
    const now = clock.now();
    const arrivedMs = performance.now();
    const event: ReceiverEvent = {
      ...given,
      ack: async (response) => {
        context.onAck?.({ kind: kindOf(body), ms: performance.now() - arrivedMs });
        await given.ack(response === undefined ? undefined : ownWords(response));
      },
    };
    const key = deliveryKey(body);
    const plan = await edge.plan(body, now);
    switch (plan.how) {
      case 'ignore':
        return event.ack();
      case 'reject':
        return event.ack(plan.ack);
      case 'act': {
        const fresh = await storeDelivery(db, { key, transport, kind: kindOf(body), body, now });
        if (!fresh) log.debug({ key }, 'a delivery came again');
        return event.ack(plan.ack);
      }
      case 'read':
        if (!seenRead(key)) return event.ack();
        return app.processEvent({ ...event, customProperties: { deliveryKey: key, receivedAt: now } });
    }
  }

  /**
   * What cannot be taken in is not acked, and Slack delivers it again. It never does that for a command or a form: there the person is told.
   */
  async function takeOrSay(app: App, transport: 'http' | 'socket', given: ReceiverEvent): Promise<void> {
    try {
      await take(app, transport, given);
    } catch (error) {
      const body = parseDelivery(given.body);
      const ack = body && ackOfFailure(body, error);
      if (!ack) throw error;
      log.error({ err: error }, 'a delivery could not be taken in; its person was told');
      await given.ack(ownWords(ack));
    }
  }

  return {
    wrap: (app, transport) =>
      new Proxy(app, {
        get(target, property) {
          if (property === 'processEvent')
            return (event: ReceiverEvent) => takeOrSay(target, transport, event);
          const value: unknown = Reflect.get(target, property);
          return typeof value === 'function' ? value.bind(target) : value;
        },
      }),
    redrive: (app, row) =>
      app.processEvent({
        body: row.body,
        ack: async () => undefined,
        customProperties: { deliveryKey: row.key, receivedAt: row.receivedAt, redriven: true },
      }),
  };
}
