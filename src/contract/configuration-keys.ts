import { z } from 'zod';

/** One key of steward.yml as `people[].email`, with what may stand there. */
export interface ConfigurationKey {
  path: string;
  type: string;
  /** As JSON; absent where there is none. */
  fallback: string | null;
  required: boolean;
}

const node = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  enum: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  default: z.unknown().optional(),
  pattern: z.string().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
  items: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
  oneOf: z.array(z.unknown()).optional(),
  additionalProperties: z.unknown().optional(),
});
type Node = z.infer<typeof node>;

/** Every key a schema knows, in its order, objects before what is in them. Alternatives of an entry are merged. */
export function configurationKeys(schema: z.ZodType): ConfigurationKey[] {
  const keys = new Map<string, ConfigurationKey>();
  walk(node.parse(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })), '', keys);
  return [...keys.values()];
}

function walk(at: Node, path: string, keys: Map<string, ConfigurationKey>): void {
  for (const [name, value] of Object.entries(at.properties ?? {})) {
    const child = node.parse(value);
    const own = path === '' ? name : `${path}.${name}`;
    // The inner keys carry their own defaults; that of a whole block would repeat them.
    const fallback = child.default === undefined || child.properties ? null : JSON.stringify(child.default);
    if (!keys.has(own))
      keys.set(own, {
        path: own,
        type: typeOf(child),
        fallback,
        required: at.required?.includes(name) ?? false,
      });
    inside(child, own, keys);
  }
}

function inside(at: Node, path: string, keys: Map<string, ConfigurationKey>): void {
  walk(at, path, keys);
  for (const option of [...(at.anyOf ?? []), ...(at.oneOf ?? [])]) inside(node.parse(option), path, keys);
  if (at.items !== undefined && at.items !== null) inside(node.parse(at.items), `${path}[]`, keys);
}

function typeOf(at: Node): string {
  if (at.enum) return at.enum.map(String).join(', ');
  if (at.const !== undefined) return String(at.const);
  if (at.anyOf ?? at.oneOf)
    return [
      ...new Set([...(at.anyOf ?? []), ...(at.oneOf ?? [])].map((one) => typeOf(node.parse(one)))),
    ].join(' or ');
  if (at.type === 'array') return `list of ${plural(typeOf(node.parse(at.items ?? {})))}`;
  if (at.type === 'object') return at.properties ? 'block' : 'block of names';
  if (at.pattern?.includes('(s|m|h|d|w)')) return 'duration';
  return [at.type ?? 'anything'].flat().join(' or ');
}

const plural = (word: string): string =>
  /^(string|block|number|integer|duration)$/.test(word) ? `${word}s` : word;
