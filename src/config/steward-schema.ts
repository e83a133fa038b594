import { z } from 'zod';
import { incidents } from './incidents-schema.js';
import { duration, secretRef, teamId } from './schema-values.js';

const email = z.email().transform((text) => text.toLowerCase());
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

/** One of `people`. */
export const personEntry = z.strictObject({
  email,
  name: z.string().optional(),
  slack: z
    .string()
    .regex(
      /^[UW][A-Z0-9]+$/,
      "not a Slack member id such as U012AB3CD (on the person's profile in Slack, under More)",
    )
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

export type PersonEntry = z.infer<typeof personEntry>;

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

/** As Slack takes them: a slash, then no blank, 32 characters in all. */
const slashCommand = z.string().regex(/^\/[^\s/]{1,31}$/, 'write a slash and one word');

const slack = z.strictObject({
  team: z.string().optional(),
  commands: z
    .strictObject({
      metric: slashCommand.default('/metric'),
      incident: slashCommand.default('/incident'),
      access: slashCommand.default('/access'),
      backfill: slashCommand.default('/backfill'),
      steward: slashCommand.default('/steward'),
    })
    .refine((words) => new Set(Object.values(words)).size === 5, 'two commands have the same word')
    .refine(
      (words) =>
        Object.entries(words).every(([name, word]) => word === `/${name}` || !(word.slice(1) in words)),
      'a command has the usual word of another',
    )
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
  /** Where a file of it can be seen: `{path}` is its path in the source, `{line}` its line. */
  fileUrl: z.url().optional(),
  /** Where a commit of it can be seen: `{revision}` is the commit. */
  commitUrl: z.url().optional(),
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
});

const neitherWay = 'write `{ env: NAME }` for a connection string, or an https:// address';

const warehouse = z.looseObject({
  name: z.string(),
  type: z.string(),
  database: z.string().optional(),
  /** A connection string, as a secret; or the plain address of an API, whose credentials are keys of their own. */
  url: z.union([secretRef, z.url({ protocol: /^https?$/, error: neitherWay })], neitherWay).optional(),
  /** Demo only: `embedded` is the warehouse database of the embedded server. */
  embedded: z.boolean().default(false),
});

const executor = z.looseObject({
  name: z.string(),
  type: z.string(),
  maxRunning: z.number().int().positive().default(4),
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
  people: z.array(personEntry).default([]),
  /** Further people from a CSV file with the columns email, name, manager, teams, slack, timezone, title, warehouse.<name>. */
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
