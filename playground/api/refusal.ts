/** What a Web API method answers instead of a result: `{ok: false, error, ...}` as Slack words it. */
export class SlackRefusal extends Error {
  readonly code: string;
  readonly detail: { [key: string]: unknown };

  constructor(code: string, detail: { [key: string]: unknown } = {}) {
    super(code);
    this.code = code;
    this.detail = detail;
  }
}

export function refuse(code: string, ...messages: string[]): never {
  throw new SlackRefusal(code, messages.length === 0 ? {} : { response_metadata: { messages } });
}
