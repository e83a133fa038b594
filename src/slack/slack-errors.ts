import { WebAPIPlatformError, WebAPIRateLimitedError } from '@slack/web-api';

/** Slack's own word for what went wrong (`channel_not_found`, `is_archived` …), or null for anything else. */
export function platformError(error: unknown): string | null {
  return error instanceof WebAPIPlatformError ? error.data.error : null;
}

/** Seconds Slack asked to wait, or null. */
export function retryAfterSeconds(error: unknown): number | null {
  return error instanceof WebAPIRateLimitedError ? Math.max(1, error.retryAfter) : null;
}

/** The place is gone or closed to us: posting there again will never work. */
export const placeIsGone: ReadonlySet<string> = new Set([
  'channel_not_found',
  'is_archived',
  'not_in_channel',
  'user_not_found',
  'user_disabled',
  'cannot_dm_bot',
  'restricted_action',
  'messages_tab_disabled',
  'account_inactive',
]);
