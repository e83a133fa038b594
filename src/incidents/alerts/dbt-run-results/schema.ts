import { z } from 'zod';
import { looseList, optionalText } from '../reading.js';

const timing = z.object({ name: z.string(), completed_at: z.string().nullish() });

const result = z.object({
  status: z.string(),
  unique_id: z.string(),
  message: optionalText,
  failures: z.number().nullish(),
  relation_name: optionalText,
  timing: z.array(timing).catch([]),
  // sources.json carries these instead.
  max_loaded_at: optionalText,
  snapshotted_at: optionalText,
});
export type RunResult = z.infer<typeof result>;

const testNode = z.object({
  attached_node: z.string().nullish(),
  depends_on: z.object({ nodes: z.array(z.string()).default([]) }).nullish(),
  column_name: z.string().nullish(),
  config: z.object({ severity: z.string().nullish() }).nullish(),
});

/** run_results.json (v4 to v6) or sources.json (v3), alone or together with the manifest that names each test's model. */
export const runResults = z.object({
  metadata: z.object({
    generated_at: z.string(),
    invocation_id: z.string().nullish(),
    dbt_schema_version: z.string().nullish(),
  }),
  results: looseList(result),
});
export const withManifest = z.object({
  run_results: runResults,
  manifest: z.object({ nodes: z.record(z.string(), z.unknown()) }).optional(),
});

/** Model a test belongs to, from its manifest node. */
export function readTestNode(node: unknown): {
  model: string | null;
  column: string | null;
  severity: string | null;
} {
  const parsed = testNode.safeParse(node);
  if (!parsed.success) return { model: null, column: null, severity: null };
  const { attached_node, depends_on, column_name, config } = parsed.data;
  return {
    model: attached_node ?? depends_on?.nodes.at(-1) ?? null,
    column: column_name ?? null,
    severity: config?.severity ?? null,
  };
}
