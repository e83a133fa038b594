import { z } from 'zod';

/** A secret is never written into the file: only the name of the environment variable that holds it. */
export const secretRef = z.strictObject({ env: z.string().regex(/^[A-Z][A-Z0-9_]*$/) });
export type SecretRef = z.infer<typeof secretRef>;

/** `30m`, `2h`, `3d`, `1w`; parsed to milliseconds. */
export const duration = z
  .string()
  .regex(/^\d+(\.\d+)?\s*(s|m|h|d|w)$/, 'write a duration such as 30m, 2h, 3d or 1w')
  .transform((text) => parseDurationMs(text));

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** Milliseconds of a duration such as `36h`. Throws on anything else. */
export function parseDurationMs(text: string): number {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(s|m|h|d|w)\s*$/.exec(text);
  if (!match?.[1] || !match[2]) throw new RangeError(`not a duration: ${text}`);
  return Math.round(Number(match[1]) * unitMs[match[2] as keyof typeof unitMs]);
}

const email = z.email().transform((text) => text.toLowerCase());
const teamId = z.string().regex(/^[a-z0-9][a-z0-9_-]*$/);
const timeZone = z.string().refine((zone) => isTimeZone(zone), 'not an IANA time zone');

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

const weekday = z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']);
const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'write a time such as 09:00');
const isoDate = z.iso.date();

const calendarKeys = {
  timeZone,
  workingDays: z.array(weekday).min(1),
  hours: z
    .strictObject({ from: clockTime, to: clockTime })
    .refine(({ from, to }) => from < to, 'work must end later on the same day than it begins'),
  holidays: z.array(isoDate),
};
const calendar = z.strictObject({
  timeZone: calendarKeys.timeZone.default('UTC'),
  workingDays: calendarKeys.workingDays.default(['mon', 'tue', 'wed', 'thu', 'fri']),
  hours: calendarKeys.hours.default({ from: '09:00', to: '17:30' }),
  holidays: calendarKeys.holidays.default([]),
});
export type CalendarConfig = z.infer<typeof calendar>;
/** A team's own: without defaults, because a key that it leaves out is the common calendar's. */
const calendarOverride = z.strictObject(calendarKeys).partial();

const person = z.strictObject({
  email,
  name: z.string().optional(),
  slack: z
    .string()
    .regex(/^[UW][A-Z0-9]+$/)
    .optional(),
  manager: email.optional(),
  teams: z.array(teamId).default([]),
  warehouse: z.record(z.string(), z.string()).default({}),
  timeZone: timeZone.optional(),
  guest: z.boolean().default(false),
  /** Away from/to dates: approvals go to the delegate, on-call skips them. */
  away: z.strictObject({ from: isoDate, to: isoDate, delegate: email.optional() }).optional(),
  title: z.string().optional(),
});

const rotation = z.strictObject({
  /** People in order; the turn changes every `every`, counted from `start`. */
  people: z.array(email).min(1),
  start: z.iso.datetime({ offset: true }),
  every: duration,
});
const onCall = z.union([
  rotation,
  z.strictObject({ pagerduty: z.strictObject({ schedule: z.string() }) }),
  z.strictObject({ opsgenie: z.strictObject({ schedule: z.string() }) }),
]);

const team = z.strictObject({
  id: teamId,
  name: z.string().optional(),
  members: z.array(email).optional(),
  slackUsergroup: z.string().optional(),
  onCall: onCall.optional(),
  /** Channel where the team is told things. */
  channel: z.string().optional(),
  calendar: calendarOverride.optional(),
  domains: z.array(z.string()).default([]),
});

const serviceAccount = z.strictObject({
  id: teamId,
  name: z.string().optional(),
  owners: z.array(email).min(1),
  members: z.array(email).default([]),
  teams: z.array(teamId).default([]),
  warehouse: z.record(z.string(), z.string()).default({}),
});

const slack = z.strictObject({
  team: z.string().optional(),
  commands: z
    .strictObject({
      metric: z.string().default('/metric'),
      incident: z.string().default('/incident'),
      access: z.string().default('/access'),
      backfill: z.string().default('/backfill'),
      steward: z.string().default('/steward'),
    })
    .prefault({}),
  channels: z
    .strictObject({
      /** Alerts in triage and incident announcements. */
      incidents: z.string().optional(),
      approvals: z.string().optional(),
      backfills: z.string().optional(),
      announcements: z.string().optional(),
      operations: z.string().optional(),
    })
    .prefault({}),
  /** Links that Steward shows a preview of; Slack takes five domains at most. */
  links: z
    .strictObject({
      /** Where this installation is reached from outside; its own links lie below `/open/`. */
      own: z.url({ protocol: /^https?$/ }).optional(),
      /** Hosts of dashboards, of the catalog and of source repositories. */
      domains: z
        .array(z.string().regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i))
        .max(4)
        .default([]),
    })
    .prefault({}),
  /** Private channels in which what is not open may be shown in full, and to which teams' eyes they belong. */
  audiences: z.array(z.strictObject({ channel: z.string(), teams: z.array(teamId).min(1) })).default([]),
});

const sourceEntry = z.looseObject({
  type: z.string(),
  name: z.string().optional(),
  path: z.string().optional(),
  url: z.string().optional(),
  every: duration.optional(),
  /** The repository it is kept in: approved definitions become branches and pull requests there. */
  repository: z.looseObject({ type: z.string(), project: z.string() }).optional(),
});

const assetSelector = z.strictObject({
  tag: z.string().optional(),
  classification: z.string().optional(),
  domain: z.string().optional(),
  kind: z.string().optional(),
  tier: z.number().int().optional(),
  name: z.string().optional(),
  source: z.string().optional(),
});

const visibilityRule = z.strictObject({
  match: assetSelector,
  /** Who sees it in full. */
  teams: z.array(teamId).default([]),
  /** What everyone else gets. */
  otherwise: z.enum(['open', 'requestable', 'hidden']).default('requestable'),
});

const catalog = z.strictObject({
  sources: z.array(sourceEntry).default([]),
  visibility: z.array(visibilityRule).default([]),
  /** Names of sources, strongest first, where two describe the same thing. */
  precedence: z.array(z.string()).default([]),
  /** Which sources mean the same thing by the same name; without a rule equal names stay two things and are shown as a gap. */
  identity: z
    .array(
      z.strictObject({
        by: z.literal('name'),
        kinds: z.array(z.string()).min(1),
        sources: z.array(z.string()).min(2),
      }),
    )
    .default([]),
  /** Values of metrics may be queried: off, or by the source's compiled query. */
  values: z
    .strictObject({
      mode: z.enum(['off', 'query']).default('off'),
      warehouse: z.string().optional(),
      role: z.string().optional(),
      maxRows: z.number().int().positive().default(50),
      timeoutSeconds: z.number().positive().default(5),
    })
    .refine(
      ({ mode, warehouse, role }) => mode === 'off' || (warehouse !== undefined && role !== undefined),
      {
        error: 'mode: query needs `warehouse` and `role`: where the query runs, and as whom',
      },
    )
    .prefault({}),
  /** Newest tie-out that the uses `finance` and `board` accept. */
  tieOutMaxAge: z
    .strictObject({ finance: duration.prefault('2d'), board: duration.prefault('1d') })
    .prefault({}),
  definitions: z.looseObject({}).prefault({}),
});

const warehouse = z.looseObject({
  name: z.string(),
  type: z.string(),
  database: z.string().optional(),
  url: secretRef.optional(),
  /** Demo only: `embedded` is the warehouse database of the embedded server. */
  embedded: z.boolean().default(false),
});

const executor = z.looseObject({
  name: z.string(),
  type: z.string(),
  maxRunning: z.number().int().positive().default(4),
});

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
  id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
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

const incidentRule = z.strictObject({
  name: z.string(),
  on: z.enum(['declare', 'severity', 'status', 'alert']),
  when: z.looseObject({}).prefault({}),
  do: z.array(
    z.looseObject({
      action: z.enum(['invite', 'page', 'post', 'task', 'webhook', 'accept', 'notify', 'resolve']),
    }),
  ),
});

const incidents = z.strictObject({
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
  monitoring: z.strictObject({ closeAfterHealthy: duration.prefault('24h') }).prefault({}),
  emoji: z
    .strictObject({
      timeline: z.string().default('pushpin'),
      task: z.string().default('ballot_box_with_check'),
      followUp: z.string().default('memo'),
    })
    .prefault({}),
  endpoints: z.array(alertEndpoint).default([]),
  rules: z.array(incidentRule).default([]),
  plannedWork: z.array(z.looseObject({})).default([]),
  pagers: z.array(z.looseObject({ type: z.string(), name: z.string() })).default([]),
  trackers: z.array(z.looseObject({ type: z.string(), name: z.string() })).default([]),
  statusFeed: z.strictObject({ enabled: z.boolean().default(false) }).prefault({}),
  webhooks: z.array(z.looseObject({ url: z.string(), secret: secretRef })).default([]),
});

const webAddress = z.url().refine((text) => {
  const { protocol, hostname } = new URL(text);
  return (
    protocol === 'https:' || (protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(hostname))
  );
}, 'must be an https:// address');

const confirmation = z.strictObject({
  issuer: webAddress,
  clientId: z.string().min(1),
  clientSecret: secretRef.optional(),
  publicUrl: webAddress,
  validFor: duration.prefault('10m'),
});

const llm = z.strictObject({
  enabled: z.boolean().default(true),
  model: z.string().optional(),
  perPersonPerDay: z.number().int().nonnegative().default(100),
  tokensPerDay: z.number().int().nonnegative().default(2_000_000),
  timeoutSeconds: z.number().positive().default(1.7),
  prices: z
    .strictObject({
      currency: z.string().min(1).default('USD'),
      inputPerMillion: z.number().nonnegative(),
      outputPerMillion: z.number().nonnegative(),
    })
    .optional(),
});

const retention = z.strictObject({
  inbox: duration.prefault('7d'),
  outbox: duration.prefault('3d'),
  questions: duration.prefault('180d'),
  /** Measurements (tests, freshness, runs); the newest of each check always stays. */
  signals: duration.prefault('400d'),
  audit: duration.prefault('2555d'),
});

/**
 * steward.yml. Unknown keys are refused where they stand: a typed-wrong key that is silently ignored would be a policy
 * nobody has. Connector entries are loose here and checked by their connector's own schema.
 */
export const stewardConfig = z.strictObject({
  /** True only in the demo's own file: allows the clock to be moved. */
  demo: z.boolean().default(false),
  slack: slack.prefault({}),
  people: z.array(person).default([]),
  /** Further people from a CSV file with the columns email, name, manager, teams. */
  peopleCsv: z.string().optional(),
  teams: z.array(team).default([]),
  /** Accounts of programs. Whoever runs one asks for it, and approves nothing for it. */
  serviceAccounts: z.array(serviceAccount).default([]),
  authority: z
    .strictObject({
      admins: z.array(email).default([]),
      governance: z.array(teamId).default([]),
      security: z.array(teamId).default([]),
      dataTeam: z.array(teamId).default([]),
    })
    .prefault({}),
  calendar: calendar.prefault({}),
  tiers: z
    .array(
      z.strictObject({
        tier: z.number().int().positive(),
        name: z.string(),
        description: z.string().optional(),
        freshness: duration.optional(),
      }),
    )
    .default([
      { tier: 1, name: 'Tier 1' },
      { tier: 2, name: 'Tier 2' },
      { tier: 3, name: 'Tier 3' },
    ]),
  catalog: catalog.prefault({}),
  warehouses: z.array(warehouse).default([]),
  executors: z.array(executor).default([]),
  /** Policy files, relative to this file: access, backfill and definition policies. */
  policies: z.strictObject({ files: z.array(z.string()).default([]) }).prefault({}),
  incidents: incidents.prefault({}),
  /** Freeze windows for backfills and definition changes: month close and the like. */
  freezes: z
    .array(
      z.strictObject({
        name: z.string(),
        /** Days of the month, negative from its end: `[-1, 1, 2]`. */
        daysOfMonth: z.array(z.number().int()).default([]),
        from: isoDate.optional(),
        to: isoDate.optional(),
        applies: z.array(z.enum(['backfill', 'definition'])).default(['backfill', 'definition']),
        domains: z.array(z.string()).default([]),
      }),
    )
    .default([]),
  quietHours: z.strictObject({ from: clockTime, to: clockTime }).optional(),
  /** The company's identity provider, for approvals that policy wants confirmed (`secondConfirmation`). */
  confirmation: confirmation.optional(),
  /** Limits of backfills that hold whatever a policy allows. */
  backfills: z
    .strictObject({
      /** Chunks at once over all executors. */
      maxRunning: z.number().int().positive().default(8),
      /** Failed chunks after which a run stops by itself and asks. */
      stopAfter: z.number().int().positive().default(3),
      /** Partitions one person may have rebuilt in 24 hours, and everybody together. */
      partitionsPerPersonPerDay: z.number().int().positive().default(1_000),
      partitionsPerDay: z.number().int().positive().default(5_000),
      /** Live backfills one person may have at once. */
      livePerPerson: z.number().int().positive().default(10),
    })
    .prefault({}),
  llm: llm.prefault({}),
  retention: retention.prefault({}),
  audit: z
    .strictObject({
      /** Where the head of the audit chain is added every hour; relative to this file. On another disk than the database. */
      anchorFile: z.string().optional(),
    })
    .prefault({}),
});

export type StewardConfig = z.infer<typeof stewardConfig>;
export type PersonConfig = StewardConfig['people'][number];
export type TeamConfig = StewardConfig['teams'][number];
