import type { z } from 'zod';
import type { Method, MethodSpec } from './method.js';
import { SlackRefusal } from './refusal.js';

/** A method with its arguments checked: unknown ones are refused, which Slack lets pass. */
export function defineMethod<Schema extends z.ZodType>(spec: MethodSpec<Schema>): Method {
  const { scopes = [] } = spec;
  return {
    name: spec.name,
    tier: spec.tier,
    token: spec.token ?? 'bot',
    refusals: spec.refusals ?? [],
    scopes: typeof scopes === 'function' ? scopes : () => scopes,
    run: async (world, raw) => {
      const checked = spec.args.safeParse(raw);
      if (!checked.success) throw argumentRefusal(checked.error, spec, raw);
      return spec.run(world, checked.data);
    },
  };
}

type ArgumentWords = Pick<MethodSpec<z.ZodType>, 'missing' | 'malformed'>;

function argumentRefusal(
  error: z.ZodError,
  { missing = {}, malformed = {} }: ArgumentWords,
  raw: { [key: string]: unknown },
): SlackRefusal {
  for (const issue of error.issues) {
    const field = String(issue.path[0] ?? '');
    const isMissing = raw[field] === undefined || raw[field] === '';
    const word = (isMissing ? missing[field] : undefined) ?? malformed[field];
    if (word !== undefined && issue.path.length > 0) return new SlackRefusal(word);
  }
  const messages = error.issues.map((issue) => {
    const field = issue.path.join('/');
    if (issue.code === 'unrecognized_keys') return `[ERROR] unknown argument: ${issue.keys.join(', ')}`;
    if (issue.path.length === 1 && raw[field] === undefined)
      return `[ERROR] missing required field: ${field}`;
    return `[ERROR] ${issue.message} [json-pointer:/${field}]`;
  });
  return new SlackRefusal('invalid_arguments', { response_metadata: { messages } });
}
