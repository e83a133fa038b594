import type { ColumnType, Generated } from 'kysely';

type Timestamp = ColumnType<Date, Date, Date>;

export interface SubscriptionTables {
  /** An asset or a domain, and a person or a channel that wants to hear of it. */
  subscription: {
    id: Generated<string>;
    asset_id: string | null;
    domain: string | null;
    person_id: string | null;
    channel_id: string | null;
    /** `stopped`: wants no notices about it, whatever the reason for them. */
    state: 'on' | 'stopped';
    created_by: ColumnType<string | null, string | null, string | null>;
    created_at: ColumnType<Date, Date, never>;
    updated_at: Timestamp;
  };
}
