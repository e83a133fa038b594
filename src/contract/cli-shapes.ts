import { z } from 'zod';
import type { Explanation } from '../approvals/plan/explain.js';
import type { CaseResult } from '../approvals/policy/check-cases.js';
import type { DecidedDifferently } from '../approvals/policy/compare-policies.js';
import type { AuditVerdict } from '../audit/verify.js';
import { assetKinds } from '../catalog/asset.js';
import { CatalogListRow } from '../catalog/list.js';
import type { SyncReport as SyncReportType } from '../catalog/sync.js';
import type { MigrateResult } from '../db/migrate.js';
import type { PeopleFinding } from '../people/check-people.js';
import type { Erasure } from '../people/erase-person.js';

/**
 * Shapes of `--json` whose domain function speaks in plain types. `satisfies` ties each to that type, so that a field that is
 * renamed there no longer compiles here.
 */

/** `steward catalog search --json`: best first. */
export const CatalogSearch = z.object({
  assets: z.array(
    z.object({
      source_id: z.string(),
      kind: z.enum(assetKinds),
      name: z.string(),
      label: z.string().nullable(),
      score: z.number(),
    }),
  ),
});

/** `steward catalog show --json`: every asset that answers to the name, with its lineage by native identifier, nearest first. */
export const CatalogShow = z.object({
  assets: z.array(
    CatalogListRow.extend({
      columns: z.array(z.looseObject({ name: z.string(), description: z.string() })),
      upstream: z.array(z.string()),
      downstream: z.array(z.string()),
      provenance: z.record(z.string(), z.unknown()),
      /** The newest result of each check, run, freshness and count. */
      signals: z.array(
        z.looseObject({ type: z.string(), name: z.string(), status: z.string(), observedAt: z.string() }),
      ),
    }),
  ),
});

const fieldKind = z.enum(['meaning', 'schema', 'code', 'governance', 'wording']);

/** `steward catalog sync --json`: one entry per configured source, in their order. */
export const SyncReport = z.object({
  sources: z.array(
    z.object({
      source: z.string(),
      status: z.enum(['changed', 'unchanged', 'broken']),
      assets: z.number().int(),
      changes: z.array(
        z.object({
          assetId: z.string(),
          sourceId: z.string(),
          kind: z.enum(assetKinds),
          name: z.string(),
          change: z.enum(['created', 'removed', 'restored', ...fieldKind.options]),
          breaking: z.boolean(),
          changes: z.array(
            z.object({
              field: z.string(),
              kind: fieldKind,
              before: z.string().nullable(),
              after: z.string().nullable(),
            }),
          ),
          schemaChanges: z.array(
            z.object({
              column: z.string(),
              change: z.enum(['added', 'removed', 'type', 'described']),
              breaking: z.boolean(),
              before: z.string().nullable(),
              after: z.string().nullable(),
            }),
          ),
          version: z.number().int(),
        }),
      ),
      edgesAdded: z.number().int(),
      edgesRemoved: z.number().int(),
      signalsAdded: z.number().int(),
      warnings: z.array(z.string()),
      error: z.string().exactOptional(),
      version: z.string(),
    }),
  ),
  removed: z.array(z.string()),
}) satisfies z.ZodType<SyncReportType>;

/** `steward policy check --json`. `differences` and `stored` are there with `--against`. */
export const PolicyCheck = z.object({
  /** SHA-256 of the policy: what requests are pinned to. */
  hash: z.string(),
  rules: z.number().int(),
  cases: z.array(
    z.object({
      name: z.string(),
      ok: z.boolean(),
      differences: z.array(z.string()),
    }) satisfies z.ZodType<CaseResult>,
  ),
  differences: z
    .array(
      z.object({
        reference: z.string(),
        title: z.string(),
        /** Who asked, and where it stands; null for a case. */
        requester: z.string().nullable(),
        state: z.enum(['pending', 'approved', 'denied', 'withdrawn', 'expired', 'cancelled']).nullable(),
        before: z.string(),
        after: z.string(),
      }) satisfies z.ZodType<DecidedDifferently>,
    )
    .optional(),
  /** Requests of the database that were compared too, and those whose dataset is gone; null on files alone. */
  stored: z
    .object({ requests: z.number().int(), unreadable: z.array(z.string()) })
    .nullable()
    .optional(),
});

/** `steward policy explain --json`. */
export const PolicyExplanation = z.object({
  policyHash: z.string(),
  rule: z.string().nullable(),
  rules: z.array(
    z.object({
      name: z.string(),
      matches: z.boolean(),
      decided: z.boolean(),
      failed: z.array(z.string()),
      held: z.array(z.string()),
    }),
  ),
  text: z.array(z.string()),
}) satisfies z.ZodType<Explanation>;

/** `steward people check --json`. */
export const PeopleCheck = z.object({
  people: z.number().int(),
  teams: z.number().int(),
  findings: z.array(
    z.object({ level: z.enum(['error', 'warning']), message: z.string() }) satisfies z.ZodType<PeopleFinding>,
  ),
});

/** `steward person erase --json`. */
export const PersonErasure = z.object({
  dryRun: z.boolean(),
  auditTexts: z.number().int(),
  replies: z.number().int(),
}) satisfies z.ZodType<Erasure>;

/** One head of the audit chain: what `--anchor` reads a line of, and what the hourly log line "audit head" carries. */
export const AuditHead = z.object({ sequence: z.string(), mac: z.string() });

/** An anchor may say when it was the head: then a purge that went too far is noticed as well. */
export const AuditAnchorLine = AuditHead.extend({ at: z.iso.datetime().optional() });

/** `steward audit verify --json`. */
export const AuditVerification = z.object({
  ok: z.boolean(),
  sealed: z.number().int(),
  unsealed: z.number().int(),
  brokenAt: z.object({ auditId: z.string(), sequence: z.string(), why: z.string() }).exactOptional(),
  head: AuditHead.nullable(),
  /** What retention deleted; the chain begins behind it. */
  purged: z.object({ through: z.string(), newest: z.iso.datetime(), at: z.iso.datetime() }).nullable(),
  anchors: z.object({ compared: z.number().int(), older: z.number().int() }),
}) satisfies z.ZodType<AuditVerdict>;

/** One line of `steward audit export --json`: names and words are null once they are erased. */
export const AuditRow = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  actor_id: z.string().nullable(),
  actor: z.string().nullable(),
  actor_kind: z.string(),
  channel: z.string(),
  action: z.string(),
  subject_kind: z.string(),
  subject_id: z.string(),
  before: z.unknown(),
  after: z.unknown(),
  text: z.unknown(),
  seal_seq: z.string().nullable(),
  seal_mac: z.string().nullable(),
});

/** `steward serve --json`, one line when it is ready. */
export const ServeReady = z.object({
  /** Null for a worker, which takes nothing in. */
  port: z.number().int().nullable(),
  database: z.enum(['DATABASE_URL', 'embedded']),
  queue: z.enum(['redis', 'postgres']),
  slack: z.enum(['socket', 'http']),
  /** Name of the model, or `none`. */
  model: z.string(),
});
export type ServeReady = z.infer<typeof ServeReady>;

/** `steward demo --json`, one line when it is ready. */
export const DemoReady = z.object({
  /** Of the page, with its token. */
  url: z.url(),
  token: z.string(),
  /** Steward's own door: Slack's deliveries, alerts, health. */
  steward: z.url(),
  seconds: z.number(),
});
export type DemoReady = z.infer<typeof DemoReady>;

/** `steward migrate --json`. */
export const Migration = z.object({
  from: z.number().int(),
  to: z.number().int(),
  applied: z.array(z.string()),
  bullmq: z.number().int(),
}) satisfies z.ZodType<MigrateResult>;

/** `steward manifest --json`: a Slack app manifest, whose own schema is Slack's. */
export const AppManifest = z.looseObject({
  display_information: z.looseObject({ name: z.string() }),
  features: z.looseObject({}),
  oauth_config: z.looseObject({}),
  settings: z.looseObject({}),
});
