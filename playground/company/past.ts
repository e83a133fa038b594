import { rm } from 'node:fs/promises';
import { writeDemoArtifacts } from '../../demo/generate/artifacts.js';
import {
  firstReadDaysAgo,
  type PastChange,
  pastChanges,
  proposedDaysBefore,
} from '../../demo/past/changes.js';
import { editionOf, projectOf } from '../../demo/past/editions.js';
import { scheduleActor } from '../../src/audit/record.js';
import { type SourceEntry, syncCatalog } from '../../src/catalog/sync.js';
import { freezeOn } from '../../src/definitions/freeze.js';
import { proposeChange } from '../../src/definitions/propose.js';
import { sendReleaseNote } from '../../src/definitions/release-note.js';
import { presentText } from '../../src/definitions/text.js';
import type { Person } from '../../src/people/person.js';
import { tellOfChanges } from '../../src/releases/tell-of-changes.js';
import type { Services } from '../../src/services.js';
import { forgetTheRest, type SayThen, sayInChannels } from './past-messages.js';

export interface PastContext {
  services: Services;
  /** Loads the catalog after a read of it. */
  refresh: () => Promise<void>;
  /** `catalog.sources` with the artifacts in a folder. */
  sourcesAt: (targetDir: string) => readonly SourceEntry[];
  baseDir: string;
  /** For the artifacts of earlier days; removed at the end. */
  workDir: string;
  /** First day of the demo. */
  dayOne: Date;
  say: SayThen;
}

const dayMs = 86_400_000;
const hourMs = 3_600_000;

/**
 * Gives the catalog its past before the first day, through the product's own doors: earlier editions of the project are read on the days they are
 * of, and between them definitions are proposed and approved by the people whose part it is. What Steward said of it in channels stands there with
 * the time of then. Does nothing once anything was read: a start that was cut off in the middle of it goes on with the past it has.
 */
export async function tellPast(context: PastContext): Promise<void> {
  const { services, dayOne } = context;
  const known = await services.db.selectFrom('catalog_source').select('name').executeTakeFirst();
  if (known) return;
  await read(context, firstReadDaysAgo, at(dayOne, firstReadDaysAgo));
  for (const change of pastChanges) {
    if (change.proposal) await decide(context, change, change.proposal);
    const now = at(dayOne, change.daysAgo);
    await read(context, change.daysAgo, now);
    if (change.proposal) await announce(services, now);
  }
  await sayInChannels(services, context.say);
  await rm(context.workDir, { recursive: true, force: true });
  await forgetTheRest(services);
}

/** In the morning of a day, in UTC. */
function at(dayOne: Date, daysAgo: number): Date {
  const midnight = Math.floor(dayOne.getTime() / dayMs) * dayMs;
  return new Date(midnight - daysAgo * dayMs + 8 * hourMs);
}

async function read(context: PastContext, daysAgo: number, now: Date): Promise<void> {
  const { services, workDir, baseDir } = context;
  await rm(workDir, { recursive: true, force: true });
  writeDemoArtifacts(editionOf(daysAgo, now), workDir);
  const report = await syncCatalog(
    services.db,
    context.sourcesAt(workDir),
    { now, signal: AbortSignal.timeout(60_000), secret: services.secret, fetch: globalThis.fetch, baseDir },
    { now, actor: scheduleActor, onChanges: tellOfChanges(services, now) },
  );
  const broken = report.sources.find((source) => source.error);
  if (broken) throw new Error(`the demo's past cannot be read: ${broken.error}`);
  await context.refresh();
}

/** Proposed with the words that the next edition has, and approved stage by stage, a few hours apart. */
async function decide(
  { services, dayOne }: PastContext,
  change: PastChange,
  proposal: NonNullable<PastChange['proposal']>,
): Promise<void> {
  const asset = services.catalog.current().view.resolve(change.metric, { kinds: ['metric'] })[0];
  if (!asset) throw new Error(`the demo's past names a metric that is not there: ${change.metric}`);
  const proposedAt = at(dayOne, change.daysAgo + proposedDaysBefore);
  const by = await personOf(services, proposal.by);
  const { id } = await proposeChange(services, {
    wish: {
      kind: 'change',
      assetId: asset.id,
      reason: proposal.reason,
      effectiveDate: effectiveDay(services, asset.domain, at(dayOne, change.daysAgo)),
      wanted: { ...presentText(asset), description: wordsFrom(change) },
    },
    person: by,
    actor: { personId: by.id, kind: 'person', channel: 'slack' },
    viewId: `past-${change.metric}-${change.daysAgo}`,
    now: proposedAt,
  });
  const { id: requestId } = await services.db
    .selectFrom('approval_request')
    .select('id')
    .where('subject_id', '=', id)
    .executeTakeFirstOrThrow();
  for (const [index, name] of proposal.approvers.entries()) {
    const approver = await personOf(services, name);
    await services.approvals.decide({
      requestId,
      personId: approver.id,
      actor: { personId: approver.id, kind: 'person', channel: 'slack' },
      verdict: 'approve',
      reason: null,
      now: new Date(proposedAt.getTime() + (index + 1) * 3 * hourMs),
    });
  }
}

/** What the metric says from the day of the change on. */
function wordsFrom({ metric, daysAgo }: PastChange): string {
  const entry = projectOf(daysAgo).metrics.find((each) => each.metric.name === metric);
  if (!entry) throw new Error(`the demo's project has no metric ${metric}`);
  return entry.metric.description;
}

/** The day itself, or the first one after it that is in no freeze. */
function effectiveDay(services: Services, domain: string | undefined, from: Date): string {
  for (let day = from; ; day = new Date(day.getTime() + dayMs)) {
    const iso = day.toISOString().slice(0, 10);
    if (freezeOn(services.config, domain, iso) === null) return iso;
  }
}

async function personOf(services: Services, name: string): Promise<Person> {
  const entry = services.config.people.find(({ email }) => email.startsWith(`${name}.`));
  const person = entry && (await services.directory.byEmail(services.db, entry.email));
  if (!person) throw new Error(`nobody of the demo is called ${name}`);
  return person;
}

/** The release notes of what the source has since this read. */
async function announce(services: Services, now: Date): Promise<void> {
  const changes = await services.db
    .selectFrom('definition_change')
    .select('id')
    .where('state', '=', 'in-source')
    .where('in_source_at', '=', now)
    .execute();
  for (const { id } of changes) await sendReleaseNote(services, { changeId: id, now });
}
