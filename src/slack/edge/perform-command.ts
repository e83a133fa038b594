import { spokenText, unescapeMrkdwn } from '../mrkdwn.js';
import { commandBody } from '../payloads.js';
import { keepReply, replyBlocks } from '../replies.js';
import type { Reply } from '../surface.js';
import { routeCommand } from '../words.js';
import { type Desk, plainReply } from './desk.js';
import type { AckResponse, Delivery } from './edge-types.js';
import { ackInTime, readBudgetMs } from './in-time.js';
import { channelRef } from './places.js';

/** A slash command: a read is answered inside its ack, an act by response_url. */
export async function performCommand(desk: Desk, delivery: Delivery): Promise<void> {
  const { services, commandOf, admit, callerOf, wordsFor, respond, openForm } = desk;
  const body = commandBody.parse(delivery.body);
  const command = commandOf(body);
  if (!command)
    return delivery.ack({
      response_type: 'ephemeral',
      text: 'This command is not mine; nothing was done.',
    });
  const person = await admit(delivery.body, body.user_id);
  if ('reason' in person) return delivery.ack({ response_type: 'ephemeral', text: person.text });
  const caller = callerOf(person, delivery, 'command', {
    channel: channelRef(body.channel_id, body.channel_name),
  });
  const routed = routeCommand(command, unescapeMrkdwn(body.text), services);
  const work = routed
    .run(services, caller, routed.rest)
    .catch((error: unknown) => plainReply(wordsFor(error, delivery.key)));
  const answer = async (reply: Reply, send: (payload: AckResponse) => Promise<void>): Promise<void> => {
    if (reply.modal && body.trigger_id && routed.mode === 'read') {
      const opened = await openForm(caller, reply.modal, body.trigger_id).then(
        () => true,
        (error: unknown) => {
          services.log.warn({ err: error }, 'a form did not open; its button is offered instead');
          return false;
        },
      );
      if (opened) return send({});
    }
    const shareId = reply.shareable
      ? await keepReply(services, caller, { ...reply, shareable: false })
      : undefined;
    await send({
      response_type: 'ephemeral',
      text: spokenText(reply.text),
      blocks: replyBlocks(reply, { formButton: true, ...(shareId ? { shareId } : {}) }),
    });
  };
  if (routed.mode === 'act') {
    // Stored and acked already: the answer goes to the response_url, at most once.
    return answer(await work, (payload) =>
      respond(body.response_url, { ...payload, replace_original: false }),
    );
  }
  // Opening a form is part of it: a database that is slow just then must not cost the ack either.
  const inTime = ackInTime(delivery, desk.params.readBudgetMs ?? readBudgetMs, (error) =>
    services.log.warn({ err: error }, 'a slow read could not be acked'),
  );
  try {
    await answer(await work, async (payload) => {
      const empty = Object.keys(payload).length === 0;
      if (!(await inTime.ack(empty ? undefined : payload)) && !empty)
        await respond(body.response_url, payload);
    });
  } finally {
    inTime.stop();
  }
}
