import { describeEstimate, describeSeconds, type UsualVolume } from '../../backfills/estimate.js';
import type { Preview } from '../../backfills/preview/preview.js';
import type { Progress } from '../../backfills/progress.js';
import { escapeMrkdwn, link, slackDate } from '../mrkdwn.js';

const barCells = 20;

/** `▓▓▓▓▓▓▓▓▓▓░░░░░░░░░░ 50 %`: one cell is 5 %, the step in which it moves. */
export function bar(percent: number): string {
  const full = Math.max(0, Math.min(barCells, Math.floor((percent / 100) * barCells)));
  return `${'▓'.repeat(full)}${'░'.repeat(barCells - full)} ${percent} %`;
}

export function progressWords(progress: Progress): string {
  const parts = [`${progress.done} of ${progress.total} done`];
  if (progress.running > 0) parts.push(`${progress.running} running`);
  const inDoubt = progress.byState.unknown ?? 0;
  if (inDoubt > 0) parts.push(`${inDoubt} of them in doubt`);
  const stalled = progress.byState.stalled ?? 0;
  if (stalled > 0) parts.push(`${stalled} of them too long`);
  if (progress.failed > 0) parts.push(`${progress.failed} failed`);
  const cancelled = progress.byState.cancelled ?? 0;
  if (cancelled > 0) parts.push(`${cancelled} not started`);
  return parts.join(', ');
}

export function paceWords(progress: Progress): string | null {
  if (progress.perHour === null) return null;
  const each = 3600 / progress.perHour;
  return progress.perHour >= 60
    ? `${Math.round(progress.perHour / 60)} a minute`
    : `one in ${describeSeconds(each)}`;
}

export function failureWords(failure: NonNullable<Progress['lastFailure']>): string {
  const log = failure.logUrl === null ? '' : ` ${link(failure.logUrl, 'Log')}`;
  return `:x: Last failure: ${escapeMrkdwn(failure.partitions.join(', '))}: ${escapeMrkdwn(failure.error.slice(0, 300))}${log}`;
}

/** What it will do, line by line, for the form and the card alike. */
export function previewLines(preview: Preview, maySeeName: (assetId: string) => boolean): string[] {
  const lines = [`*Partitions:* ${escapeMrkdwn(preview.readBack)}`];
  const span = spanWords(preview);
  if (span !== null) lines.push(span);
  if (preview.skipped > 0) lines.push(`${preview.skipped} more in the window are left as they are.`);
  for (const note of preview.notes) lines.push(`:information_source: ${escapeMrkdwn(note)}`);
  lines.push(`*Time:* ${escapeMrkdwn(describeEstimate(preview.estimate))}`);
  if (preview.estimate.cost !== null) lines.push(costLine(preview.estimate.cost));
  const volume = [
    preview.rowsNow === null ? null : `${preview.rowsNow} rows are in them now`,
    preview.bytes === null ? null : bytesWords(preview.bytes),
    usualWords(preview.usualRows, (rows) => `${rows}`, 'rows written'),
    usualWords(preview.usualBytes, bytesWords, 'read'),
  ].filter((one) => one !== null);
  if (volume.length > 0) lines.push(`*Volume:* ${volume.join(', ')}`);
  if (preview.dryRun !== null)
    lines.push(`*Dry run (${escapeMrkdwn(preview.executorType)}):* ${escapeMrkdwn(preview.dryRun)}`);
  const notKnown = preview.notKnown ?? [];
  if (notKnown.length > 0) lines.push(`*Not known:* ${escapeMrkdwn(notKnown.join('; '))}`);
  lines.push(downstreamLine(preview, maySeeName));
  lines.push(...preview.conflicts.map(({ words }) => `:warning: ${escapeMrkdwn(words)}`));
  return lines;
}

/** What past runs say, and how many they are. */
function usualWords(
  usual: UsualVolume | undefined,
  amount: (value: number) => string,
  what: string,
): string | null {
  if (usual === undefined) return null;
  const basis = usual.runs === 1 ? '1 past run' : `${usual.runs} past runs`;
  return `about ${amount(usual.median)} ${what}, nine times in ten at most ${amount(usual.p90)} (based on ${basis})`;
}

/** Days of another zone begin at odd times of one's own: Slack shows each reader theirs. */
function spanWords(preview: Preview): string | null {
  const first = preview.partitions[0];
  const last = preview.partitions.at(-1);
  if (first === undefined || last === undefined) return null;
  const format = '{date_short} {time}';
  return `By your own clock: from ${slackDate(new Date(first.start), format)} to ${slackDate(new Date(last.end), format)}`;
}

/** In whatever money the executor's price per hour is set. */
function costLine(cost: number): string {
  return `*Cost:* ${cost < 0.01 ? 'less than 0.01' : `about ${cost.toFixed(2)}`}, by the price per hour of its executor`;
}

const byteUnits = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const;

/** `41 kB`: as much as anybody reads of it. */
export function bytesWords(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < byteUnits.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 10 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${byteUnits[unit]}`;
}

/** What is built from it, as far as this reader may know of it: the rest is neither named nor counted. */
function downstreamLine(preview: Preview, maySeeName: (assetId: string) => boolean): string {
  const readable = preview.downstream.filter(({ assetId }) => maySeeName(assetId));
  const restricted = readable.filter((asset) => asset.restricted).length;
  const total = Math.max(readable.length, (preview.downstreamKnown ?? readable.length) + restricted);
  if (total === 0) return '*Downstream:* nothing that the catalog knows.';
  const named = readable.slice(0, 6).map((asset) => {
    const tier =
      asset.tier === undefined
        ? ''
        : ` (tier ${asset.tier}${asset.owners[0] === undefined ? '' : `, ${asset.owners[0]}`})`;
    return `${escapeMrkdwn(asset.name)}${escapeMrkdwn(tier)}`;
  });
  const rest = total - named.length;
  return `*Downstream:* ${total} asset${total === 1 ? '' : 's'}${named.length === 0 ? '' : `: ${named.join(', ')}`}${named.length > 0 && rest > 0 ? ` and ${rest} more` : ''}`;
}

export function etaWords(eta: Date | null): string {
  return eta === null ? 'when it ends is not known yet' : `done about ${slackDate(eta, '{time}')}`;
}
