import { isObject } from '../mrkdwn.js';

/**
 * The arguments of a call, by the rules under which Slack reads a body
 * (docs.slack.dev/apis/web-api: `invalid_post_type`, `invalid_charset` and their like are documented for every method).
 */

export interface RawCall {
  contentType: string;
  body: string;
}
interface Arguments {
  [name: string]: unknown;
}

/** Refusals of a body that cannot be read, whatever the method. */
export type BodyRefusal =
  | 'missing_post_type'
  | 'invalid_post_type'
  | 'invalid_charset'
  | 'invalid_form_data'
  | 'invalid_json'
  | 'json_not_object'
  | 'invalid_array_arg'
  | 'invalid_arg_name';

const charsets = ['utf-8', 'iso-8859-1'];
const formTypes = ['application/x-www-form-urlencoded', 'text/plain'];
const argumentNameMax = 64;

export function readArguments({ contentType, body }: RawCall): Arguments | BodyRefusal {
  const [type = '', ...parameters] = contentType.split(';').map((part) => part.trim().toLowerCase());
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))?.slice('charset='.length);
  if (charset !== undefined && !charsets.includes(charset.replaceAll('"', ''))) return 'invalid_charset';
  if (body.trim() === '') return {};
  if (type === '') return 'missing_post_type';
  // The server has made a form of every multipart body that can be read.
  if (type === 'multipart/form-data') return 'invalid_form_data';
  if (type !== 'application/json' && !formTypes.includes(type)) return 'invalid_post_type';
  const read = type === 'application/json' ? readJson(body) : readForm(body);
  return typeof read === 'string' ? read : (wrongName(Object.keys(read)) ?? read);
}

/** For the eye: what was sent, as far as it can be read. */
export function shownArguments(call: RawCall): Arguments {
  const read = readArguments(call);
  return typeof read === 'string' ? {} : read;
}

function readJson(body: string): Arguments | BodyRefusal {
  try {
    const parsed: unknown = JSON.parse(body);
    return isObject(parsed) ? parsed : 'json_not_object';
  } catch {
    return 'invalid_json';
  }
}

/** `%` that escapes nothing would be kept as it stands by a lenient reader; Slack's is none. */
function readForm(body: string): Arguments | BodyRefusal {
  if (/%(?![0-9a-f]{2})/i.test(body)) return 'invalid_form_data';
  return Object.fromEntries(new URLSearchParams(body));
}

function wrongName(names: string[]): BodyRefusal | undefined {
  if (names.some((name) => /^\w+\[.*\]$/.test(name))) return 'invalid_array_arg';
  return names.some((name) => !/^\w+$/.test(name) || name.length > argumentNameMax)
    ? 'invalid_arg_name'
    : undefined;
}
