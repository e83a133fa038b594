import { reference } from '../../access/lifecycle.js';
import { actions, context, section } from '../blocks.js';
import type { CardRenderer } from '../card.js';
import { escapeMrkdwn } from '../mrkdwn.js';
import {
  approvalBlocks,
  approvalSentence,
  decisionButtons,
  plainCard,
  requesterButtons,
} from './approval-parts.js';

/** More time for a running grant, where that needs approval. */
export const accessExtensionCard: CardRenderer = {
  kind: 'access-extension',
  render: async (services, id, { variant, reader, now }) => {
    const view = await services.approvals.view(services.db, { kind: 'access-extension', subjectId: id, now });
    const extension = await services.db
      .selectFrom('access_extension')
      .innerJoin('access_request', 'access_request.id', 'access_extension.request_id')
      .select(['access_request.number', 'access_extension.until'])
      .where('access_extension.id', '=', id)
      .executeTakeFirst();
    if (!view || !extension) return null;
    const what = `${reference(extension.number)}, ${view.requester.name} asks for more time: ${view.title}`;
    const text = `${what}. ${approvalSentence(view)}.`;
    if (view.state !== 'pending') return plainCard(text, [context(escapeMrkdwn(text))]);
    const buttons =
      variant === 'approver' ? decisionButtons(view, reader) : requesterButtons(view).slice(0, 1);
    return plainCard(text, [
      section(`*${escapeMrkdwn(what)}*`),
      ...approvalBlocks(view),
      ...(buttons.length > 0 ? [actions(buttons)] : []),
    ]);
  },
};
