import type http from 'node:http';
import { HTTPModuleFunctions, type HTTPReceiver } from '@slack/bolt';
import { readBody } from '../http/read-body.js';

/** Largest request body taken from Slack, in bytes. */
export const slackBodyLimitBytes = 1_048_576;

/**
 * Bolt's listener, behind a look at the body: Bolt reads fields of whatever its JSON says, outside of any handler of errors, so that a well
 * signed `null` would end the process. What is no object is answered with 400, or with 401 where it is not signed either.
 */
export function slackListener(
  receiver: Pick<HTTPReceiver, 'requestListener'>,
  signingSecret: string,
): (request: http.IncomingMessage, response: http.ServerResponse) => Promise<void> {
  return async (request, response) => {
    const rawBody = await readBody(request, slackBodyLimitBytes);
    if (rawBody === null) {
      response.writeHead(413, { connection: 'close' }).end();
      return;
    }
    // Bolt takes a body that was read before from here.
    const read = Object.assign(request, { rawBody });
    if (!saysNothing(rawBody.toString(), request.headers['content-type'])) {
      receiver.requestListener(read, response);
      return;
    }
    const signed = await HTTPModuleFunctions.parseAndVerifyHTTPRequest({ signingSecret }, read).then(
      () => true,
      () => false,
    );
    response.writeHead(signed ? 400 : 401).end();
  };
}

/** Whether the body is JSON of something that has no fields. What is no JSON at all Bolt refuses itself. */
function saysNothing(body: string, contentType: string | undefined): boolean {
  const json =
    contentType === 'application/x-www-form-urlencoded' ? new URLSearchParams(body).get('payload') : body;
  if (json === null) return false;
  try {
    const value: unknown = JSON.parse(json);
    return typeof value !== 'object' || value === null || Array.isArray(value);
  } catch {
    return false;
  }
}
