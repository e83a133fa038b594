import type { Asset } from '../catalog/asset.js';
import { definitionText, title } from './compose.js';
import type { AnswerContext } from './context.js';
import { type AssetVersion, changesInWords, versionAt } from './history.js';
import { startOfTimeWords } from './time-words.js';

const toldAtMost = 5;
const dayOf = (at: Date): string => at.toISOString().slice(0, 10);

/** How a definition came to be what it is, or what it was on the day that is asked about and what changed since. */
export function historyText(subject: Asset, time: string | undefined, context: AnswerContext): string {
  const versions = context.versionsOf(subject.id);
  const at = startOfTimeWords(time, context.now);
  if (at !== undefined) return asOfText(subject, versions, at);
  if (versions.length <= 1) {
    const since = versions[0] === undefined ? '' : ` since ${dayOf(versions[0].validFrom)}`;
    return `No change of ${title(subject)} is known${since}.`;
  }
  const told = versions.slice(0, toldAtMost).map((version, i) => versionText(version, versions[i + 1]));
  const rest = versions.length - told.length;
  const more = rest > 0 ? ` ${rest} earlier ${rest === 1 ? 'one' : 'ones'} not shown.` : '';
  return `${title(subject)} has ${versions.length} versions. ${told.join(' ')}${more}`;
}

function versionText(version: AssetVersion, before: AssetVersion | undefined): string {
  const changed = before === undefined ? '' : changesInWords(before.asset, version.asset).join(' ');
  const words = version.summary ?? (before === undefined ? 'First seen.' : changed);
  const wording = version.change === 'wording' ? ' Its meaning is the same.' : '';
  return `${dayOf(version.validFrom)}: ${words || 'Details about it changed.'}${wording}${decisionText(version)}`;
}

/** " Approved by Priya and Jonas (DEF-1), announced 2026-03-02." */
function decisionText({ approvedBy, decision, announcedAt }: AssetVersion): string {
  const announced = announcedAt === undefined ? '' : `, announced ${dayOf(announcedAt)}`;
  if (approvedBy !== undefined)
    return ` Approved by ${approvedBy}${decision === undefined ? '' : ` (${decision})`}${announced}.`;
  return decision === undefined ? '' : ` It is ${decision}, approved by policy${announced}.`;
}

function asOfText(subject: Asset, versions: readonly AssetVersion[], at: Date): string {
  const then = versionAt(versions, at);
  if (then === undefined)
    return `The catalog has no definition of ${title(subject)} from ${dayOf(at)} or before.`;
  const later = versions.slice(0, versions.indexOf(then)).reverse();
  const since = later.map((version, i) => versionText(version, i === 0 ? then : later[i - 1]));
  const changes =
    since.length === 0
      ? changesInWords(then.asset, subject).join(' ') || 'nothing changed.'
      : since.slice(-toldAtMost).join(' ');
  return `On ${dayOf(at)}: ${definitionText(then.asset, undefined)} Since then: ${changes}`;
}
