import type { KnownBlock } from '@slack/types';
import type { z } from 'zod';
import { isUnreachable } from '../../db/unreachable.js';
import { StewardError } from '../../errors.js';
import { postCard } from '../../jobs/outgoing.js';
import type { Person } from '../../people/person.js';
import type { Services } from '../../services.js';
import { unreachableWords } from '../ack-of-failure.js';
import { makeSessions, type Sessions } from '../agent/sessions.js';
import { type Refusal, refusal } from '../caller.js';
import { type DeliveryBody, teamOf } from '../delivery.js';
import { makeOwnWords } from '../own-words.js';
import type { commandBody } from '../payloads.js';
import { keepReply } from '../replies.js';
import type { Caller, CommandModule, Reply, ViewHandler } from '../surface.js';
import type { Delivery, EdgeParams } from './edge-types.js';
import { makeResponder, type Responder } from './respond.js';

/** What every kind of delivery needs: who it is, how to answer, how to open a form. */
export interface Desk {
  services: Services;
  params: EdgeParams;
  /** Answers of this process that can be stopped. */
  sessions: Sessions;
  commandOf: (body: z.infer<typeof commandBody>) => CommandModule | undefined;
  viewHandler: (callbackId: string) => ViewHandler | undefined;
  /** The person behind a delivery, or the words to turn them away with. */
  admit: (body: DeliveryBody, slackUserId: string) => Promise<Person | Refusal>;
  callerOf: (
    person: Person,
    delivery: Delivery,
    surface: Caller['surface'],
    place: Partial<Pick<Caller, 'channel' | 'threadTs' | 'messageTs'>>,
  ) => Caller;
  /** An error becomes a sentence for the person; what is our own fault is also logged. */
  wordsFor: (error: unknown, key: string) => string;
  respond: Responder['respond'];
  /** When no reply is on its way any more. */
  settled: Responder['settled'];
  openForm: (
    caller: Caller,
    modal: { callbackId: string; params: Record<string, string> },
    triggerId: string,
  ) => Promise<void>;
  /** Words for one person when there is no response_url: in the direct message, durable. */
  tell: (caller: Caller, text: string, blocks?: KnownBlock[]) => Promise<void>;
}

export const plainReply = (text: string): Reply => ({ text, visibility: 'asker' });

export function makeDesk(services: Services, params: EdgeParams): Desk {
  const { registrations, slack } = params;
  const { respond, settled } = makeResponder({
    fetch: params.fetch,
    log: services.log,
    ownWords: makeOwnWords(services.config.slack.commands),
  });

  function commandOf(body: z.infer<typeof commandBody>) {
    const names = services.config.slack.commands;
    return registrations.commands.find((command) => names[command.name] === body.command);
  }

  /** The person behind a delivery, or the words to turn them away with. */
  async function admit(body: DeliveryBody, slackUserId: string): Promise<Person | Refusal> {
    const team = teamOf(body);
    if (team !== null && team !== params.teamId) return refusal('other-team');
    return params.identify(slackUserId);
  }

  function callerOf(
    person: Person,
    delivery: Delivery,
    surface: Caller['surface'],
    place: Partial<Pick<Caller, 'channel' | 'threadTs' | 'messageTs'>>,
  ): Caller {
    return {
      person,
      actor: { personId: person.id, kind: 'person', channel: 'slack' },
      surface,
      channel: place.channel ?? null,
      threadTs: place.threadTs ?? null,
      messageTs: place.messageTs ?? null,
      now: delivery.now,
      deliveryKey: delivery.key,
    };
  }

  /** An error becomes a sentence for the person; what is our own fault is also logged, and retried where the caller can. */
  function wordsFor(error: unknown, key: string): string {
    if (error instanceof StewardError) return error.message;
    const reference = key.slice(-8);
    services.log.error({ err: error, reference }, 'a request failed');
    if (isUnreachable(error)) return unreachableWords;
    return `Something went wrong on my side and nothing was changed. Please try again; if it stays so, tell the data platform team this reference: ${reference}.`;
  }

  const viewHandler = (callbackId: string) =>
    registrations.views.find((view) => view.callbackId === callbackId);

  async function openForm(
    caller: Caller,
    modal: { callbackId: string; params: Record<string, string> },
    triggerId: string,
  ): Promise<void> {
    const handler = viewHandler(modal.callbackId);
    if (!handler) throw new Error(`no form is registered for ${modal.callbackId}`);
    const view = await handler.build(services, caller, modal.params);
    await slack.views.open({ trigger_id: triggerId, view });
  }

  /** Words for one person when there is no response_url: in the direct message, durable. */
  async function tell(caller: Caller, text: string, blocks?: KnownBlock[]): Promise<void> {
    const id = await keepReply(
      services,
      { ...caller, deliveryKey: `${caller.deliveryKey}:told` },
      { text, visibility: 'asker', ...(blocks ? { blocks } : {}) },
    );
    await services.db.transaction().execute((trx) =>
      postCard(trx, {
        key: `told:${caller.deliveryKey}`,
        to: { personId: caller.person.id },
        card: { kind: 'reply', id, variant: 'place|' },
        now: caller.now,
      }),
    );
  }

  const sessions = makeSessions();
  return {
    services,
    params,
    sessions,
    commandOf,
    viewHandler,
    admit,
    callerOf,
    wordsFor,
    respond,
    settled,
    openForm,
    tell,
  };
}
