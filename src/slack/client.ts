import { LogLevel, type WebAPICallResult, WebClient } from '@slack/web-api';
import type { OwnWords } from './own-words.js';

/**
 * The one client of Slack's Web API. It times out, and it never retries by itself: our queue does that, where it can be seen,
 * survives a restart, and holds up one lane only. The package's own default is ten retries over half an hour.
 */
export function makeSlackClient(
  token: string,
  apiUrl: string | undefined,
  options: { timeoutMs?: number; ownWords?: OwnWords } = {},
): WebClient {
  return new ClientInOwnWords(options.ownWords ?? ((outgoing) => outgoing), token, {
    ...(apiUrl ? { slackApiUrl: apiUrl.endsWith('/') ? apiUrl : `${apiUrl}/` } : {}),
    // What goes wrong is thrown, and logged by whoever called.
    logLevel: LogLevel.ERROR,
    timeout: options.timeoutMs ?? 10_000,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
  });
}

/** Every method of the package goes through `apiCall`: the one place where what goes out can be put into the company's words. */
class ClientInOwnWords extends WebClient {
  readonly #ownWords: OwnWords;

  constructor(ownWords: OwnWords, ...rest: ConstructorParameters<typeof WebClient>) {
    super(...rest);
    this.#ownWords = ownWords;
  }

  override apiCall(method: string, options: Record<string, unknown> = {}): Promise<WebAPICallResult> {
    return super.apiCall(method, this.#ownWords(options));
  }
}
