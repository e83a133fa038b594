import { reference, requestQuery } from '../../access/lifecycle.js';
import { utcWords } from '../../utc-words.js';
import { actions, section } from '../blocks.js';
import type { CardRenderer } from '../card.js';
import { escapeMrkdwn, escapeWithTimes } from '../mrkdwn.js';
import { extendButton } from './access-request.js';
import { plainCard } from './approval-parts.js';

/** A line in the thread of a request's card: granted, ends soon, over, stuck, or access left by others. */
export const accessNoteCard: CardRenderer = {
  kind: 'access-note',
  render: async (services, id, { variant }) => {
    const row = await requestQuery(services.db).where('access_request.id', '=', id).executeTakeFirst();
    if (!row) return null;
    const name = `${reference(row.number)} (${row.level} on ${row.asset_name})`;
    const until = row.ends_at === null ? 'its end' : utcWords(row.ends_at);
    switch (variant) {
      case 'granted': {
        const how = `Query ${row.columns.length > 0 ? `${row.columns.join(', ')} of ` : ''}${row.level === 'masked' ? 'the masked view ' : ''}${row.relation}.`;
        const text = `${name} is active until ${until}. ${how} ${row.probe ? `The warehouse says: ${row.probe.words}.` : ''}`;
        return plainCard(text, [section(escapeWithTimes(text))]);
      }
      case 'warn': {
        if (row.state !== 'active') return null;
        const more = row.how === 'break-glass' ? 'Ask for access the normal way' : 'Extend it';
        const text = `${name} ends ${row.ends_at === null ? 'soon' : until}. ${more} if you still need it; otherwise there is nothing to do.`;
        return plainCard(text, [
          section(escapeWithTimes(text)),
          actions([
            ...extendButton(row),
            { text: 'Give back now', actionId: 'access:return', value: row.id },
          ]),
        ]);
      }
      case 'suspended': {
        const text = `${name} is suspended for now: access to this dataset is being looked into. You need do nothing; it comes back by itself if it is lifted before ${until}.${row.probe ? ` The warehouse says: ${row.probe.words}.` : ''}`;
        return plainCard(text, [section(escapeWithTimes(text))]);
      }
      case 'restored': {
        const text = `${name} is being given back; it lasts until ${until} as before.`;
        return plainCard(text, [section(escapeWithTimes(text))]);
      }
      case 'stuck': {
        const text = `${name} should be over, but the warehouse has not taken it back yet: ${row.trouble ?? 'no answer'} It is tried again by itself until it works.`;
        return plainCard(text, [section(`:warning: ${escapeMrkdwn(text)}`)]);
      }
      case 'remains': {
        const text = `${name} is over and Steward took its grant back, but ${row.login} still has access: ${row.trouble ?? ''}. Take that away in the warehouse, or accept it.`;
        const blocks = [section(`:warning: ${escapeMrkdwn(text)}`)];
        if (row.state !== 'revoking')
          return plainCard(`${name} is settled.`, [
            section(`${escapeMrkdwn(name)} is settled. ${escapeMrkdwn(row.ended_reason ?? '')}`),
          ]);
        return plainCard(text, [
          ...blocks,
          actions([
            {
              text: 'Accept what is left',
              actionId: 'access:accept-remains',
              value: row.id,
              confirm: {
                title: 'Accept this access?',
                text: 'It goes on through what others granted. Your name is recorded.',
                confirm: 'Accept',
                deny: 'Cancel',
              },
            },
          ]),
        ]);
      }
      default: {
        const why = row.ended_reason === null ? '.' : `: ${row.ended_reason.replace(/\.?$/, '.')}`;
        const probe = row.probe && row.probed_at ? ` The warehouse says: ${row.probe.words}.` : '';
        const text = `${name} is over${why}${probe}`;
        return plainCard(text, [section(escapeWithTimes(text))]);
      }
    }
  },
};
