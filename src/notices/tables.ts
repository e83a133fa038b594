import type { ColumnType } from 'kysely';

type Timestamp = ColumnType<Date, Date, Date>;

export interface NoticeTables {
  /** What somebody does not want to hear any more. */
  notice_stop: { person_id: string; topic: string; at: Timestamp };
  /** Notices that wait for their reader's next working morning. */
  notice_waiting: {
    key: string;
    person_id: string;
    topic: string;
    card_kind: string;
    card_id: string;
    variant: string;
    /** When the digest that holds it is posted. */
    due_at: Timestamp;
    created_at: Timestamp;
  };
}
