/** What incidents and backfills say about an asset (table asset_notice): the one thing answers read of them. */
export interface AssetNotice {
  assetId: string;
  kind: 'incident' | 'backfill' | 'planned';
  /** What people see: `INC-12`. */
  reference: string;
  relation: 'direct' | 'downstream';
  level: 'do_not_use' | 'caution' | 'info';
  private: boolean;
  summary: string;
  useInstead: string | null;
  eta: Date | null;
  startsAt: Date;
  endsAt: Date | null;
  /** Where it can be looked at. None for a private one. */
  url?: string;
}

/** Notices of an asset, ended ones included, newest first; empty when there are none. */
export type NoticesOf = (assetId: string) => readonly AssetNotice[];

export const noNotices: NoticesOf = () => [];

/** Whether a notice is in force at a time. */
export function inForce(notice: AssetNotice, at: Date): boolean {
  return notice.startsAt <= at && (notice.endsAt === null || notice.endsAt > at);
}
