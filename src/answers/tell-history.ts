import type { Asset } from '../catalog/asset.js';
import type { ToldHistory } from './answer-types.js';
import { definitionText, title } from './compose.js';
import type { AnswerContext } from './context.js';
import { type AssetVersion, changesInWords, detailsInWords, versionAt } from './history.js';
import { startOfTimeWords } from './time-words.js';
import { plain } from './words.js';

const toldAtMost = 5;
const dayOf = (at: Date): string => at.toISOString().slice(0, 10);

/** How a definition came to be what it is, or what it was on the day that is asked about and what changed since. */
export function tellHistory(subject: Asset, time: string | undefined, context: AnswerContext): ToldHistory {
  const versions = context.versionsOf(subject.id);
  const at = startOfTimeWords(time, context.now);
  if (at !== undefined) return tellAsOf(subject, versions, at, context);
  const day = /^(?:as of|before)\s+(.+)$/i.exec(time ?? '')?.[1];
  if (day !== undefined)
    return nothingMore(
      `I cannot tell which day "${plain(day, 60)}" is. Write it as 2026-03-31, or in words such as "last Monday".`,
    );
  if (versions.length <= 1) {
    const since = versions[0] === undefined ? '' : ` since ${dayOf(versions[0].validFrom)}`;
    return nothingMore(`No change of ${title(subject)} is known${since}.`);
  }
  return {
    opening: `${title(subject)} has ${versions.length} versions.`,
    versions: versions
      .slice(0, toldAtMost)
      .map((version, i) => tellVersion(version, versions[i + 1], context)),
    rest: notShown(versions.length - toldAtMost),
  };
}

/** All of a history in one text. */
export function historyText({ opening, versions, rest }: ToldHistory): string {
  return [opening, ...versions.map((version) => version.text), rest].filter((part) => part !== '').join(' ');
}

function nothingMore(opening: string): ToldHistory {
  return { opening, versions: [], rest: '' };
}

function notShown(count: number): string {
  return count > 0 ? `${count} earlier ${count === 1 ? 'one' : 'ones'} not shown.` : '';
}

function tellVersion(
  version: AssetVersion,
  before: AssetVersion | undefined,
  { personName }: AnswerContext,
): ToldHistory['versions'][number] {
  const changed =
    before === undefined
      ? ''
      : [
          ...changesInWords(before.asset, version.asset),
          ...detailsInWords(before.asset, version.asset, personName),
        ].join(' ');
  const words = version.summary ?? (before === undefined ? 'First seen.' : changed);
  const wording = version.change === 'wording' ? ' Its meaning is the same.' : '';
  const { threadUrl, announcementUrl, pullRequestUrl, commitUrl } = version;
  return {
    text: `${dayOf(version.validFrom)}: ${words || 'Details about it changed.'}${wording}${decisionText(version)}`,
    ...(threadUrl === undefined ? {} : { threadUrl }),
    ...(announcementUrl === undefined ? {} : { announcementUrl }),
    ...(pullRequestUrl === undefined ? {} : { pullRequestUrl }),
    ...(commitUrl === undefined ? {} : { commitUrl }),
  };
}

/** " Approved by Priya and Jonas (DEF-1), announced 2026-03-02." */
function decisionText({ approvedBy, decision, announcedAt }: AssetVersion): string {
  const announced = announcedAt === undefined ? '' : `, announced ${dayOf(announcedAt)}`;
  if (approvedBy !== undefined)
    return ` Approved by ${approvedBy}${decision === undefined ? '' : ` (${decision})`}${announced}.`;
  return decision === undefined ? '' : ` It is ${decision}, approved by policy${announced}.`;
}

function tellAsOf(
  subject: Asset,
  versions: readonly AssetVersion[],
  at: Date,
  context: AnswerContext,
): ToldHistory {
  const then = versionAt(versions, at);
  if (then === undefined)
    return nothingMore(`The catalog has no definition of ${title(subject)} from ${dayOf(at)} or before.`);
  const later = versions.slice(0, versions.indexOf(then)).reverse();
  const since = later.map((version, i) => tellVersion(version, i === 0 ? then : later[i - 1], context));
  const nothing =
    since.length > 0 ? '' : ` ${changesInWords(then.asset, subject).join(' ') || 'nothing changed.'}`;
  return {
    opening: `On ${dayOf(at)}: ${definitionText(then.asset, undefined, context)} Since then:${nothing}`,
    versions: since.slice(-toldAtMost),
    rest: notShown(since.length - toldAtMost),
  };
}
