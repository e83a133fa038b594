/** Who someone is, whatever door they came through. */
export interface Person {
  id: string;
  name: string;
  email: string | null;
  slackId: string | null;
  timeZone: string | null;
  managerId: string | null;
  kind: 'member' | 'guest' | 'bot' | 'operator' | 'service';
  status: 'active' | 'left' | 'erased';
  teams: readonly string[];
  /** Warehouse name to login. */
  logins: Readonly<Record<string, string>>;
  /** Named in `authority.admins` of steward.yml. */
  isAdmin: boolean;
}
