/**
 * What notices are about, in the words their reader sees beside "Stop these". A notice is a direct message nobody has to act
 * on; whatever waits for a decision, and what security must be sure was told (every use of break-glass), is none and cannot
 * be stopped.
 */
export interface Topic {
  id: string;
  /** Fits "You will not get … any more" and stands as a heading in the daily list. */
  title: string;
  /** `now`: worthless when it comes late. `daily`: can wait for the reader's next working morning. */
  when: 'now' | 'daily';
}

export const topics = [
  { id: 'access-ending', title: 'warnings before your access ends', when: 'now' },
  { id: 'access-for-you', title: 'news of access that others asked for on your behalf', when: 'now' },
  { id: 'access-drift', title: 'differences between the warehouse and what was granted', when: 'daily' },
  { id: 'approval-reminders', title: 'reminders of requests that wait for you', when: 'now' },
  { id: 'policy-broken', title: 'news of mistakes in the policy files', when: 'now' },
  { id: 'source-broken', title: 'news of catalog sources that cannot be read', when: 'now' },
  { id: 'planned-work', title: 'news of planned work that silences nothing', when: 'now' },
  { id: 'backfills-upstream', title: 'failed backfills upstream of what you own', when: 'now' },
  { id: 'backfills-done-upstream', title: 'rebuilt data upstream of what you own', when: 'daily' },
  { id: 'definitions-upstream', title: 'changes of definitions that yours build on', when: 'now' },
  { id: 'deprecations-asked', title: 'warnings before what you asked about goes away', when: 'now' },
  { id: 'definitions-asked', title: 'new definitions of what you asked about', when: 'daily' },
] as const satisfies readonly Topic[];

export type TopicId = (typeof topics)[number]['id'];

export function topicOf(id: string): Topic | null {
  return topics.find((topic) => topic.id === id) ?? null;
}
