import type { IncidentExport } from './export.js';
import { durationWords, keyTimeWords, listOf } from './words.js';

type ReviewAsset = IncidentExport['blast_radius']['assets'][number];

/** What whoever reads nothing else has to know, in sentences: what was wrong, for how long, whom it reached, why, what is left to do. Counted from the export alone. */
export function summaryOf(incident: IncidentExport): string[] {
  return [
    ...(incident.summary.trim() === '' ? [] : [incident.summary.trim()]),
    foundWords(incident),
    reachWords(incident),
    endWords(incident),
    ...(incident.cause === null ? [] : [`Cause: ${incident.cause.replace(/\.$/, '')}.`]),
    followUpWords(incident),
  ];
}

/** The more important ones first, and what people use before what it is made of. */
export function byImportance<Ranked extends Pick<ReviewAsset, 'kind' | 'tier' | 'distance'>>(
  assets: readonly Ranked[],
): Ranked[] {
  const isTable = ({ kind }: Ranked): number => Number(kind !== 'metric' && kind !== 'exposure');
  return [...assets].sort(
    (a, b) => (a.tier ?? 99) - (b.tier ?? 99) || isTable(a) - isTable(b) || a.distance - b.distance,
  );
}

/** `1 person`, `2 people`. */
export function peopleWords(count: number): string {
  return `${count} ${count === 1 ? 'person' : 'people'}`;
}

function foundWords({ blast_radius: radius, times, durations, declared_via: via }: IncidentExport): string {
  const broken = radius.assets.filter(({ relation }) => relation === 'direct').map(({ name }) => name);
  const what = broken.length === 0 ? 'Something' : listOf(broken, 3);
  const by = via === 'alert' ? 'an alert' : 'a person';
  if (times.started === null)
    return `${what}: found ${keyTimeWords(times.detected)} by ${by}; since when the data was wrong is not known.`;
  return `${what}: wrong since ${keyTimeWords(times.started)}, found by ${by} after ${durationWords(durations.to_detect)}.`;
}

function reachWords({ blast_radius: { assets, consumers } }: IncidentExport): string {
  const reached = assets.filter(({ relation }) => relation === 'downstream');
  if (reached.length === 0) return 'Nothing downstream was reached.';
  const top = byImportance(reached).filter(({ tier }) => tier === 1);
  const important =
    top.length === 0
      ? ''
      : `, ${top.length} of tier 1 (${listOf(
          top.map(({ name }) => name),
          5,
        )})`;
  const asked = consumers === 0 ? '' : `; ${peopleWords(consumers)} had asked about them in the last 30 days`;
  return `It reached ${reached.length} asset${reached.length === 1 ? '' : 's'} downstream${important}${asked}.`;
}

function endWords({ times, durations, fixed_by: fixedBy, state }: IncidentExport): string {
  const how = fixedBy === null ? '' : ` by ${fixedBy.replace(/\.$/, '')}`;
  if (times.mitigated === null && times.resolved === null) return `It is not fixed yet: ${state}.`;
  const fixed = times.mitigated === null ? '' : `Fixed after ${durationWords(durations.to_mitigate)}${how}`;
  if (times.resolved === null) return `${fixed}, and watched since.`;
  const resolved = `after ${durationWords(durations.to_resolve)}`;
  return fixed === '' ? `Resolved ${resolved}${how}.` : `${fixed}, resolved ${resolved}.`;
}

function followUpWords({ tasks }: IncidentExport): string {
  const all = tasks.filter(({ kind }) => kind === 'follow_up');
  if (all.length === 0) return 'There are no follow-ups.';
  const open = all.filter(({ state }) => state === 'open');
  const loose = open.filter(({ owner, due_at: due }) => owner === null || due === null);
  const missing = loose.length === 0 ? '' : `, ${loose.length} without owner or date`;
  return `${all.length} follow-up${all.length === 1 ? '' : 's'}, ${open.length} open${missing}.`;
}
