import { context, section } from '../blocks.js';
import type { CardRenderer } from '../card.js';
import { escapeMrkdwn } from '../mrkdwn.js';
import { plainCard } from './approval-parts.js';

/** For the owner: the warehouse differs from what Steward granted. */
export const accessDriftCard: CardRenderer = {
  kind: 'access-drift',
  render: async (services, id) => {
    const row = await services.db
      .selectFrom('access_drift')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    if (!row) return null;
    const detail = row.detail as { privileges?: string[]; by?: string; words?: string };
    const what =
      row.kind === 'vanished'
        ? `A grant of Steward's on ${row.relation} is gone from ${row.warehouse}: ${detail.words ?? row.login}.`
        : `${row.login} can ${detail.privileges?.join(', ') ?? 'use'} ${row.relation} in ${row.warehouse} through a grant that Steward did not make (by ${detail.by ?? 'somebody'}).`;
    const done: Record<string, string> = {
      repaired: 'Steward grants it again, as the policy says.',
      removed: 'Steward removed it, as the policy says.',
      gone: 'It is gone again.',
      accepted: 'It was accepted.',
    };
    if (row.resolution !== null) {
      const text = `${what} ${done[row.resolution] ?? ''}`;
      return plainCard(text, [context(escapeMrkdwn(text))]);
    }
    const next =
      row.kind === 'foreign'
        ? 'Take it away in the warehouse, or ask for it through Steward so that it ends by itself.'
        : 'Look who removed it; whoever held it can ask again.';
    return plainCard(`${what} ${next}`, [
      section(`:warning: ${escapeMrkdwn(what)}`),
      context(escapeMrkdwn(next)),
    ]);
  },
};
