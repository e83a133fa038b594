import { WebAPIPlatformError, WebAPIRateLimitedError } from '@slack/web-api';

/** Slack's own word for what went wrong (`channel_not_found`, `is_archived` …), or null for anything else. */
export function platformError(error: unknown): string | null {
  return error instanceof WebAPIPlatformError ? error.data.error : null;
}

/** Seconds Slack asked to wait, or null. */
export function retryAfterSeconds(error: unknown): number | null {
  return error instanceof WebAPIRateLimitedError ? Math.max(1, error.retryAfter) : null;
}

/**
 * Errors that pass by themselves or when an administrator mends the installation. Every other word of Slack's is final: the same message to
 * the same place would be refused for ever, and would hold up everything behind it.
 */
const passing: ReadonlySet<string> = new Set([
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'ratelimited',
  'rate_limited',
  'message_limit_exceeded',
  'team_added_to_org',
  'invalid_auth',
  'not_authed',
  'account_inactive',
  'token_revoked',
  'token_expired',
  'missing_scope',
]);

export function isFinal(code: string): boolean {
  return !passing.has(code);
}
