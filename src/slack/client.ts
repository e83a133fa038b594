import { LogLevel, WebClient } from '@slack/web-api';

/**
 * The one client of Slack's Web API. It times out, and it never retries by itself: our queue does that, where it can be seen,
 * survives a restart, and holds up one lane only. The package's own default is ten retries over half an hour.
 */
export function makeSlackClient(token: string, apiUrl: string | undefined, timeoutMs = 10_000): WebClient {
  return new WebClient(token, {
    ...(apiUrl ? { slackApiUrl: apiUrl.endsWith('/') ? apiUrl : `${apiUrl}/` } : {}),
    // What goes wrong is thrown, and logged by whoever called.
    logLevel: LogLevel.ERROR,
    timeout: timeoutMs,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
  });
}
