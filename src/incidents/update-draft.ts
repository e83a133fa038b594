import { mayKnowOf, type Viewer } from '../catalog/visibility.js';
import {
  fillTemplate,
  type UpdatePlaceholder,
  type UpdateTemplate,
} from '../config/update-template-schema.js';
import type { Services } from '../services.js';
import type { Incident } from './incident.js';
import { hiddenFromSome } from './known-assets.js';
import { keyTimeWords, listOf } from './report/words.js';
import { severityById } from './severity.js';

export interface UpdateDraft {
  wrong: string;
  doNotUse: string;
  useInstead: string;
  /** Null where no template says how long such a thing takes. */
  eta: Date | null;
  nextUpdateAt: Date;
}

/** What a template is chosen by, and what is put into it. */
interface DraftFacts {
  severity: { id: string; name: string };
  /** Kinds of its alerts. */
  kinds: readonly string[];
  /** What is broken. */
  assets: string;
  /** Metrics and dashboards that it reaches: what consumers know by name. */
  affected: string;
  title: string;
  cause: string;
  since: Date | null;
}

const mostNames = 8;

/** What the form is filled with for somebody: the last update, else the words of steward.yml for such a thing, else our own. */
export async function draftUpdate(
  services: Services,
  incident: Incident,
  { viewer, now }: { viewer: Viewer; now: Date },
): Promise<UpdateDraft> {
  const severity = severityById(services.config, incident.severity);
  const latest = await services.db
    .selectFrom('incident_update')
    .selectAll()
    .where('incident_id', '=', incident.id)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (latest !== undefined)
    return {
      wrong: latest.wrong,
      doNotUse: latest.do_not_use ?? '',
      useInstead: latest.use_instead ?? '',
      eta: latest.eta !== null && latest.eta > now ? latest.eta : null,
      nextUpdateAt: new Date(now.getTime() + severity.updateEvery),
    };
  const facts = await factsOf(services, incident, viewer);
  const template = services.config.incidents.updates.find((one) => fits(one, facts)) ?? {};
  const filled = (words: string | undefined): string | undefined =>
    words === undefined ? undefined : fillTemplate(words, placed(facts));
  return {
    wrong: filled(template.wrong) ?? ownWords(facts),
    doNotUse: filled(template.doNotUse) ?? (facts.affected || facts.assets),
    useInstead: filled(template.useInstead) ?? '',
    eta: template.eta === undefined ? null : new Date(now.getTime() + template.eta),
    nextUpdateAt: new Date(now.getTime() + (template.nextUpdate ?? severity.updateEvery)),
  };
}

async function factsOf(services: Services, incident: Incident, viewer: Viewer): Promise<DraftFacts> {
  const reached = await services.db
    .selectFrom('incident_asset')
    .select(['name', 'asset_id', 'kind', 'relation'])
    .where('incident_id', '=', incident.id)
    .orderBy('tier')
    .orderBy('name')
    .execute();
  const alerts = await services.db
    .selectFrom('alert')
    .innerJoin('alert_group', 'alert_group.id', 'alert.group_id')
    .select('alert.kind')
    .distinct()
    .where('alert_group.incident_id', '=', incident.id)
    .execute();
  // The words go out to everybody: what some may not know of is not put into anybody's mouth. Of a private incident they go to who works on it, and its writer reads them first.
  const nameable = reached.filter(({ asset_id: id }) => {
    const restricted = hiddenFromSome(services, id);
    return (
      restricted === undefined ||
      (incident.private && mayKnowOf(restricted, viewer, services.config.catalog.visibility))
    );
  });
  const names = (rows: typeof reached): string =>
    listOf(
      rows.map((one) => one.name),
      mostNames,
    );
  const { id, name } = severityById(services.config, incident.severity);
  return {
    severity: { id, name },
    kinds: alerts.map(({ kind }) => kind),
    assets: names(nameable.filter(({ relation }) => relation === 'direct')),
    affected: names(nameable.filter((one) => one.kind === 'metric' || one.kind === 'exposure')),
    title: incident.title,
    cause: incident.cause ?? '',
    since: incident.started_at,
  };
}

function fits(template: UpdateTemplate, { severity, kinds, cause }: DraftFacts): boolean {
  const said = inWords(cause);
  const holds = (wanted: string): boolean =>
    kinds.includes(wanted.toLowerCase()) || said.includes(inWords(wanted));
  return (template.severity?.includes(severity.id) ?? true) && (template.cause?.some(holds) ?? true);
}

/** Whole words alone, so that `run` is not found in "truncated". */
const inWords = (text: string): string =>
  ` ${text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()} `;

/** A sentence has to be one, too, while something is not known. */
function placed({
  assets,
  affected,
  title,
  cause,
  since,
  severity,
}: DraftFacts): Record<UpdatePlaceholder, string> {
  return {
    assets: assets || 'our data',
    affected: affected || assets || 'our data',
    title,
    cause: cause || 'not known yet',
    since: keyTimeWords(since?.toISOString() ?? null),
    severity: severity.name,
  };
}

function ownWords({ assets, title, cause }: DraftFacts): string {
  const why = cause === '' ? 'We are looking for the cause.' : `Cause: ${cause}.`;
  return assets === '' ? `${title}. ${why}` : `Numbers from ${assets} cannot be trusted right now. ${why}`;
}
