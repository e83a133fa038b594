import type { Db } from '../db/database.js';
import { ownLink } from '../links/what-link.js';

interface Noticed {
  kind: 'incident' | 'backfill' | 'planned';
  subject_id: string;
  reference: string;
  private: boolean;
}

/** Keys of the messages that stand in a channel for everybody, of an incident and of a backfill, best first. */
const publicKeys = (id: string): string[] => [
  `incident:${id}:announce`,
  `incident:${id}:triage`,
  `backfill:${id}:channel`,
];

/**
 * Where what a notice is about can be looked at, by its reference: its own message, else Steward's link to it where steward.yml names an address. None for
 * what is private, and none for planned work, which has no message.
 */
export async function noticeLinks(
  db: Db,
  notices: readonly Noticed[],
  own: string | undefined,
): Promise<Map<string, string>> {
  const shown = notices.filter((one) => !one.private && one.kind !== 'planned');
  const ids = [...new Set(shown.map((one) => one.subject_id))];
  if (ids.length === 0) return new Map();
  const messages = await db
    .selectFrom('slack_message')
    .select(['key', 'permalink'])
    .where('key', 'in', ids.flatMap(publicKeys))
    .where('state', '=', 'sent')
    .where('permalink', 'is not', null)
    .execute();
  const permalinks = new Map(messages.map((message) => [message.key, message.permalink]));
  return new Map(
    shown.flatMap(({ subject_id, reference }) => {
      const key = publicKeys(subject_id).find((one) => permalinks.has(one));
      const url = (key === undefined ? undefined : permalinks.get(key)) ?? ownLink(own, reference);
      return url === null ? [] : [[reference, url] as const];
    }),
  );
}
