import { z } from 'zod';
import { checkIncidentReferences } from './incident-references.js';
import { incidentRule } from './incident-rule-schema.js';
import { duration, secretRef, teamId } from './schema-values.js';
import { updateTemplate } from './update-template-schema.js';

const endpointAuth = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('signature'),
    secrets: z.array(secretRef).min(1).max(2),
    header: z.string().optional(),
    toleranceSeconds: z.number().positive().default(300),
  }),
  z.strictObject({ type: z.literal('bearer'), secrets: z.array(secretRef).min(1).max(2) }),
  z.strictObject({ type: z.literal('basic'), user: z.string(), secrets: z.array(secretRef).min(1).max(2) }),
  z.strictObject({
    type: z.literal('header'),
    header: z.string(),
    secrets: z.array(secretRef).min(1).max(2),
  }),
]);
export type EndpointAuth = z.infer<typeof endpointAuth>;

const alertEndpoint = z.strictObject({
  source: z.string(),
  id: z
    .string()
    .regex(
      /^[a-z0-9][a-z0-9-]*$/,
      'write it with lower-case letters, digits and -: it is a part of an address',
    ),
  auth: endpointAuth,
  /** Only these callers' addresses, where the source cannot sign. */
  addresses: z.array(z.string()).default([]),
  expectEvery: duration.optional(),
  options: z.looseObject({}).prefault({}),
});

const severity = z.strictObject({
  id: z.string(),
  name: z.string(),
  description: z.string().optional(),
  acknowledgeWithin: duration,
  updateEvery: duration,
  resolveWithin: duration,
  channel: z.boolean().default(true),
  page: z.boolean().default(false),
});

/** A window in which alerts of one asset open nothing. */
const plannedWork = z
  .strictObject({
    /** By name, as in the catalog. */
    asset: z.string().min(1),
    from: z.iso.datetime({ offset: true }),
    to: z.iso.datetime({ offset: true }),
    /** What answers about the asset say meanwhile. */
    reason: z.string().trim().min(1),
  })
  .refine(({ from, to }) => new Date(from) < new Date(to), {
    path: ['to'],
    error: 'has to be later than `from`',
  });
export type PlannedWork = z.infer<typeof plannedWork>;

/** How incidents are run and where alerts come from: `incidents` in steward.yml. */
export const incidents = z
  .strictObject({
    severities: z
      .array(severity)
      .min(1)
      .default([
        {
          id: 'sev1',
          name: 'Sev 1',
          acknowledgeWithin: 900_000,
          updateEvery: 1_800_000,
          resolveWithin: 14_400_000,
          channel: true,
          page: true,
        },
        {
          id: 'sev2',
          name: 'Sev 2',
          acknowledgeWithin: 3_600_000,
          updateEvery: 7_200_000,
          resolveWithin: 86_400_000,
          channel: true,
          page: false,
        },
        {
          id: 'sev3',
          name: 'Sev 3',
          acknowledgeWithin: 14_400_000,
          updateEvery: 86_400_000,
          resolveWithin: 432_000_000,
          channel: false,
          page: false,
        },
      ]),
    /** Tier of the worst affected asset to suggested severity. */
    severityByTier: z.record(z.string(), z.string()).default({}),
    /** How bad an alert says it is to the severity that is suggested at least. */
    severityByAlert: z
      .partialRecord(z.enum(['critical', 'error', 'warning', 'info']), z.string())
      .default({}),
    channelTemplate: z.string().default('inc-{number}-{slug}'),
    /** How long after its end an incident's channel is archived. */
    archiveChannelAfter: z.union([duration, z.literal('never')]).prefault('7d'),
    /** Team whose on-call runs incidents. */
    team: teamId.optional(),
    security: z.array(teamId).default([]),
    executives: z.strictObject({ channel: z.string().optional() }).prefault({}),
    triage: z
      .strictObject({
        channel: z.string().optional(),
        groupWithin: duration.prefault('4h'),
        flapWithin: duration.prefault('6h'),
      })
      .prefault({}),
    monitoring: z
      .strictObject({
        closeAfterHealthy: duration.prefault('24h'),
        askWhenSilentFor: duration.prefault('26h'),
      })
      .prefault({}),
    emoji: z
      .strictObject({
        timeline: z.string().default('pushpin'),
        task: z.string().default('ballot_box_with_check'),
        followUp: z.string().default('memo'),
      })
      .prefault({}),
    /** What the form of the first update is filled with; the first that fits is taken. */
    updates: z.array(updateTemplate).default([]),
    endpoints: z.array(alertEndpoint).default([]),
    rules: z.array(incidentRule).default([]),
    plannedWork: z.array(plannedWork).default([]),
    pagers: z.array(z.looseObject({ type: z.string(), name: z.string() })).default([]),
    trackers: z.array(z.looseObject({ type: z.string(), name: z.string() })).default([]),
    statusFeed: z.strictObject({ enabled: z.boolean().default(false) }).prefault({}),
    webhooks: z
      .array(z.strictObject({ url: z.url({ protocol: /^https?$/ }), secret: secretRef }))
      .default([]),
  })
  .superRefine(checkIncidentReferences);
