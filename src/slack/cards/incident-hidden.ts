import type { Asset } from '../../catalog/asset.js';
import { isHidden } from '../../catalog/visibility.js';
import type { Incident } from '../../incidents/incident.js';
import { hiddenFromSome } from '../../incidents/known-assets.js';
import type { IncidentExport } from '../../incidents/report/export.js';
import type { Services } from '../../services.js';

/** What Steward writes into a timeline by itself about an asset, with its name in it. */
const namingKinds: readonly string[] = ['definition', 'test', 'backfill', 'alert', 'asset'];

function hiddenAssets(services: Services): Asset[] {
  return services.catalog
    .current()
    .view.assets()
    .filter((asset) => isHidden(services.config, asset));
}

/**
 * Whether a line that Steward wrote may be read by anybody: it names nothing that is hidden from some. What people wrote themselves is theirs to say, and a
 * private incident is read by those who were chosen for it.
 */
export function readableLines(
  services: Services,
  incident: Pick<Incident, 'private'>,
): (line: { kind: string; text: string }) => boolean {
  return incident.private ? () => true : namingNone(hiddenAssets(services));
}

function namingNone(hidden: readonly Asset[]): (line: { kind: string; text: string }) => boolean {
  const names = hidden.flatMap(({ name, label, relation, sourceId }) => [
    name,
    label ?? name,
    relation ?? name,
    sourceId,
  ]);
  return ({ kind, text }) => !namingKinds.includes(kind) || !names.some((name) => isNamed(name, text));
}

/** As a word of its own: `orders` does not stand in `fct_orders`. */
function isNamed(name: string, text: string): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    if (!/\w/.test(text[at - 1] ?? '') && !/\w/.test(text[at + name.length] ?? '')) return true;
  }
  return false;
}

/** An incident's document as anybody may read it in Slack. The command line's own export is the operator's, and says everything. */
export async function asAnybodyReads(
  services: Services,
  incident: Pick<Incident, 'id' | 'private'>,
  exported: IncidentExport,
): Promise<IncidentExport> {
  if (incident.private) return exported;
  const hidden = hiddenAssets(services);
  const hiddenIds = new Set(hidden.map(({ sourceId }) => sourceId));
  const isOpen = (sourceId: string): boolean => !hiddenIds.has(sourceId);
  const readable = namingNone(hidden);
  const kept = exported.timeline.flatMap((line, index) => (readable(line) ? [index + 1] : []));
  return {
    ...exported,
    blast_radius: {
      ...exported.blast_radius,
      broken: exported.blast_radius.broken.filter(isOpen),
      reached: exported.blast_radius.reached.filter(isOpen),
      assets: exported.blast_radius.assets.filter((asset) => isOpen(asset.source_id)),
      consumers: await consumersOf(services, incident.id),
    },
    timeline: exported.timeline.filter(readable),
    // A sentence rests on all that it cites; the numbers are those of the lines that are left.
    draft: exported.draft.flatMap(({ text, entries }) =>
      entries.every((entry) => kept.includes(entry))
        ? [{ text, entries: entries.map((entry) => kept.indexOf(entry) + 1) }]
        : [],
    ),
    alerts: exported.alerts.filter((alert) => readable({ kind: 'alert', text: alert.title })),
  };
}

/** How many asked lately about something of it that is hidden from nobody. */
async function consumersOf(services: Services, incidentId: string): Promise<number> {
  const asked = await services.db
    .selectFrom('asset_asked')
    .innerJoin('incident_asset', 'incident_asset.asset_id', 'asset_asked.asset_id')
    .select(['asset_asked.asset_id', 'asset_asked.person_id'])
    .where('incident_asset.incident_id', '=', incidentId)
    .execute();
  return new Set(
    asked.flatMap((row) => (hiddenFromSome(services, row.asset_id) === undefined ? [row.person_id] : [])),
  ).size;
}
