import { z } from 'zod';
import { duration, oneOrMore } from '../../config/schema-values.js';

/**
 * The policy file (YAML): who must approve what, for how long, and what is told to whom. One schema for access requests,
 * backfills and definition changes. Explained with examples in docs/policies.md.
 *
 * Unknown keys are refused where they stand: a mistyped `stages` that is ignored would be a policy nobody has.
 */

const name = z.string().regex(/^[a-z0-9][a-z0-9._-]*$/, 'use small letters, digits, dots and dashes');
const email = z.email().transform((text) => text.toLowerCase());

/** A regular expression, compiled once to be sure that it is one. */
const pattern = z.string().refine((text) => {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}, 'not a regular expression');

/** What can ask for approval. */
export const subjectKinds = ['access', 'backfill', 'definition'] as const;

/**
 * Where approvers come from: the asset's owner (`owner`), the requester's manager (`manager`), a team, whoever is on call for
 * a team, one named person, or a Slack user group (through the team that carries it).
 */
const approver = z.union([
  z.literal('owner').transform(() => ({ kind: 'owner' as const })),
  z.literal('manager').transform(() => ({ kind: 'manager' as const })),
  z.strictObject({ team: z.string() }).transform(({ team }) => ({ kind: 'team' as const, team })),
  z
    .strictObject({ onCall: z.string() })
    .transform(({ onCall }) => ({ kind: 'on-call' as const, team: onCall })),
  z.strictObject({ person: email }).transform(({ person }) => ({ kind: 'named' as const, email: person })),
  z
    .strictObject({ usergroup: z.string() })
    .transform(({ usergroup }) => ({ kind: 'usergroup' as const, usergroup })),
]);
export type ApproverSource = z.infer<typeof approver>;

const reminders = z.strictObject({
  /** First reminder after this long. */
  after: duration,
  /** Each next wait is this many times longer. */
  factor: z.number().min(1).max(10).default(2),
  max: z.number().int().min(1).max(10).default(3),
});

const escalation = z.strictObject({
  /** Counted from the opening of the stage. */
  after: duration,
  /**
   * `reassign`: these people may approve too. `replace`: these people instead. `skip`: the stage counts as passed (never the
   * only stage). `cancel`: the request ends.
   */
  do: z.enum(['reassign', 'replace', 'skip', 'cancel']),
  to: z.array(approver).default([]),
});

const stage = z.strictObject({
  name: z.string().min(1).max(60),
  /** `any`: one of all these people. `all`: one for each entry of `from`. `{atLeast: n}`: n of all these people. */
  need: z
    .union([z.enum(['any', 'all']), z.strictObject({ atLeast: z.number().int().min(1).max(10) })])
    .default('any'),
  from: z.array(approver).min(1),
  /** Who stands in where `from` cannot fill the stage (nobody there, or only people who may not). */
  fallback: z.array(approver).default([]),
  remind: reminders.optional(),
  escalate: escalation.optional(),
});
export type StagePolicy = z.infer<typeof stage>;

/** `[7, 30]`-like bounds of a number, both included. */
const bounds = z.strictObject({ atLeast: z.number().optional(), atMost: z.number().optional() });
const durationBounds = z.strictObject({ atLeast: duration.optional(), atMost: duration.optional() });

const factCondition = z.union([z.boolean(), z.number(), z.string(), z.array(z.string()).min(1), bounds]);
export type FactCondition = z.infer<typeof factCondition>;

/** All conditions given must hold; within a list any one is enough. No condition: always. */
const when = z.strictObject({
  level: oneOrMore(z.string()).optional(),
  /** Tier of the asset; 1 is the most important. */
  tier: oneOrMore(z.number().int()).optional(),
  /** Labels of the asset or, where columns are asked for, of those columns. `any`: carries some label. `none`: carries no label. */
  classification: oneOrMore(z.string()).optional(),
  /** Carries none of these labels. */
  notClassification: oneOrMore(z.string()).optional(),
  domain: oneOrMore(z.string()).optional(),
  /** Name or relation, `*` stands for anything: `finance.*`, `stg_*`. */
  asset: oneOrMore(z.string()).optional(),
  requesterTeam: oneOrMore(z.string()).optional(),
  notRequesterTeam: oneOrMore(z.string()).optional(),
  duration: durationBounds.optional(),
  /** When it is asked: inside or outside business hours, or while the requester is on call for a team. */
  schedule: z
    .union([
      z.enum(['business-hours', 'outside-business-hours']),
      z.strictObject({ requesterOnCall: z.string() }),
    ])
    .optional(),
  /** For oneself, for another person, or for a service account. */
  beneficiary: oneOrMore(z.enum(['self', 'person', 'service'])).optional(),
  /** Whether more time is asked for a grant that is running. */
  extension: z.boolean().optional(),
  /** Further facts the kind brings: for backfills `partitions`, `pipeline`, `downstreamTier` …, see docs/policies.md. */
  facts: z.record(z.string(), factCondition).default({}),
});
export type WhenPolicy = z.infer<typeof when>;

const limits = z.strictObject({
  maxDuration: duration.optional(),
  /** Offered in the form, in this order. */
  durations: z.array(duration).default([]),
  /** Live grants or running backfills one person may hold under this rule. */
  maxLivePerPerson: z.number().int().positive().optional(),
});

const breakGlass = z.strictObject({
  /** Members of these teams may, and only for themselves. */
  teams: z.array(z.string()).min(1),
  levels: z.array(z.string()).min(1),
  maxMinutes: z.number().int().positive().max(1440),
  /** Team that reviews each use. */
  review: z.string(),
});

const rule = z
  .strictObject({
    name,
    /** Shown to whoever asks why this is needed. */
    description: z.string().optional(),
    kind: oneOrMore(z.enum(subjectKinds)),
    when: when.prefault({}),
    /** Refused at once with this sentence. A matching refusal wins over every other rule, wherever it stands. */
    deny: z.string().min(1).optional(),
    /** Approved at once; the sentence is the recorded justification. */
    autoApprove: z.string().min(1).optional(),
    stages: z.array(stage).max(5).default([]),
    limits: limits.prefault({}),
    ticket: z
      .strictObject({
        pattern,
        example: z.string(),
        required: z.boolean().default(true),
        /** Name of a ticket system (`incidents.trackers` in steward.yml) that is asked whether the ticket is there. */
        tracker: z.string().optional(),
      })
      .optional(),
    reason: z
      .strictObject({
        required: z.boolean().default(true),
        prompt: z.string().max(150).optional(),
        minLength: z.number().int().min(0).max(500).default(0),
      })
      .prefault({}),
    /** Ids of `purposes`; one must be chosen and its terms accepted. */
    purposes: z.array(name).default([]),
    /**
     * Every approval is confirmed by a fresh sign-in of the approver at the company's identity provider (`confirmation` in
     * steward.yml): for what must not be approvable from a Slack account that was left open or taken over.
     */
    secondConfirmation: z.enum(['oidc']).optional(),
    /** Applies to stages that say nothing themselves. */
    remind: reminders.optional(),
    /** A request that is still undecided ends after this long. */
    expireAfter: duration.prefault('5d'),
    /** Extensions up to this long, this many times, need no new approval. */
    extend: z
      .strictObject({ withoutApproval: z.strictObject({ atMost: duration, times: z.number().int().min(1) }) })
      .optional(),
    breakGlass: breakGlass.optional(),
    /** What the schedule does with a grant that vanished, or one made outside Steward. */
    drift: z
      .strictObject({
        vanished: z.enum(['report', 'repair']).default('report'),
        foreign: z.enum(['report', 'remove']).default('report'),
      })
      .prefault({}),
  })
  .superRefine((value, context) => {
    const ways = [value.deny !== undefined, value.autoApprove !== undefined, value.stages.length > 0];
    if (ways.filter(Boolean).length !== 1) {
      context.addIssue({
        code: 'custom',
        message: 'say exactly one of: deny, autoApprove, stages',
        path: ['stages'],
      });
    }
    if (value.secondConfirmation !== undefined && value.stages.length === 0) {
      context.addIssue({
        code: 'custom',
        message: 'only approvals by people can be confirmed: add stages',
        path: ['secondConfirmation'],
      });
    }
    if (value.secondConfirmation !== undefined && value.breakGlass !== undefined) {
      context.addIssue({
        code: 'custom',
        message: 'the emergency way would lead around the second confirmation: choose one of the two',
        path: ['breakGlass'],
      });
    }
    for (const [index, item] of value.stages.entries()) {
      const escalate = item.escalate;
      if (escalate?.do === 'skip' && value.stages.length === 1) {
        context.addIssue({
          code: 'custom',
          message: 'the only stage cannot be skipped: nobody would have approved',
          path: ['stages', index, 'escalate', 'do'],
        });
      }
      if (escalate && ['reassign', 'replace'].includes(escalate.do) && escalate.to.length === 0) {
        context.addIssue({
          code: 'custom',
          message: `say to whom: \`to\` is empty`,
          path: ['stages', index, 'escalate', 'to'],
        });
      }
    }
  });
export type PolicyRule = z.infer<typeof rule>;

const purpose = z.strictObject({
  id: name,
  title: z.string().min(1).max(75),
  /** Shown in the form and accepted with it; both are kept in the audit. */
  terms: z.string().min(1).max(2000),
});
export type Purpose = z.infer<typeof purpose>;

const recertification = z.strictObject({
  name,
  when: when.prefault({}),
  /** How often a campaign starts. */
  every: duration,
  /** How long owners have. */
  deadline: duration,
  /** What silence means. */
  onSilence: z.enum(['keep', 'revoke']),
});
export type RecertificationPolicy = z.infer<typeof recertification>;

/** Facts of a request as a case or the command line gives them. */
export const policyRequestInput = z.strictObject({
  kind: z.enum(subjectKinds),
  level: z.string().optional(),
  tier: z.number().int().optional(),
  classification: z.array(z.string()).default([]),
  columns: z
    .array(z.strictObject({ name: z.string(), classification: z.array(z.string()).default([]) }))
    .default([]),
  domain: z.string().optional(),
  asset: z.string().optional(),
  duration: duration.optional(),
  requesterTeams: z.array(z.string()).default([]),
  beneficiary: z.enum(['self', 'person', 'service']).default('self'),
  extension: z.boolean().default(false),
  /** Whether it is asked in business hours. */
  businessHours: z.boolean().default(true),
  /** Teams the requester is on call for. */
  onCall: z.array(z.string()).default([]),
  facts: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]))
    .default({}),
});

/** One line of the table of cases that `policy check` runs: these facts must be decided so. */
const policyCase = z.strictObject({
  name: z.string().min(1),
  request: policyRequestInput,
  expect: z.strictObject({
    /** Name of the rule that must decide; `none` when no rule may match. */
    rule: z.string().optional(),
    outcome: z.enum(['denied', 'auto-approved', 'stages', 'no-rule']).optional(),
    /** Names of the stages, in order. */
    stages: z.array(z.string()).optional(),
  }),
});
export type PolicyCase = z.infer<typeof policyCase>;

export const policyFile = z.strictObject({
  version: z.literal(1),
  purposes: z.array(purpose).default([]),
  /** First match wins, except that a matching `deny` always wins. */
  rules: z.array(rule).default([]),
  recertification: z.array(recertification).default([]),
  cases: z.array(policyCase).default([]),
});
export type PolicyFile = z.infer<typeof policyFile>;

/** All policy files together, in the order steward.yml names them. */
export interface Policy {
  /** Content hash: pinned on every request. */
  hash: string;
  purposes: readonly Purpose[];
  rules: readonly PolicyRule[];
  recertification: readonly RecertificationPolicy[];
  cases: readonly PolicyCase[];
}
