import type { Asset } from '../catalog/asset.js';
import type { ChangeEvent } from './answer-types.js';
import { type AnswerContext, addressFor } from './context.js';
import { failureEvents } from './failure-events.js';
import { type AssetVersion, changesInWords } from './history.js';
import { agoInWords, nameOf } from './words.js';

/** Lineage beyond this many assets, nearest first, explains no number any more, and nobody waits for it. */
const lineageLimit = 400;

/** What can explain a change: the asset and what it is built from, nearest first, as far as somebody may know of it. */
export function lineageOfChange(
  asset: Asset,
  { view, mayName }: Pick<AnswerContext, 'view' | 'mayName'>,
): { around: { asset: Asset; distance: number }[]; leftOut: number } {
  const known = [{ asset, distance: 0 }, ...view.upstream(asset.id)].filter((one) => mayName(one.asset));
  const around = known.slice(0, lineageLimit);
  return { around, leftOut: known.length - around.length };
}

/**
 * Everything that touched an asset or its upstream lineage in a window, newest first and at the same minute nearest
 * first. Private incidents and hidden assets give nothing here. Empty when nothing was found.
 */
export function eventsOf(asset: Asset, from: Date, to: Date, context: AnswerContext): ChangeEvent[] {
  const { now } = context;
  const { around } = lineageOfChange(asset, context);
  const events: ChangeEvent[] = [];
  const inside = (at: Date): boolean => at >= from && at <= to;
  const seen = new Set<string>();
  for (const { asset: one, distance } of around) {
    const name = nameOf(one);
    const versions = context.versionsOf(one.id);
    versions.forEach((version, i) => {
      if (!inside(version.validFrom) || version.change === 'wording' || version.change === 'other') return;
      const before = versions[i + 1];
      // that something was first seen explains no number
      if (version.change === 'created') return;
      const words =
        version.summary ??
        (before ? changesInWords(before.asset, version.asset).join(' ') : 'It was first seen.');
      const event: ChangeEvent = {
        at: version.validFrom.toISOString(),
        kind: kindOf(version),
        assetId: one.id,
        distance,
        text: `${name}: ${words || 'its definition changed.'}${version.decision === undefined ? '' : ` (${version.decision})`}`,
      };
      if (version.url !== undefined && context.levelOf(one) === 'open') event.url = version.url;
      const reference = version.decision ?? version.revision;
      if (reference !== undefined) event.reference = reference;
      events.push(event);
    });
    for (const notice of context.noticesOf(one.id)) {
      if (notice.private || seen.has(notice.reference)) continue;
      const endedInside = notice.endsAt !== null && inside(notice.endsAt);
      if (
        !inside(notice.startsAt) &&
        !endedInside &&
        !(notice.startsAt < from && (notice.endsAt === null || notice.endsAt > to))
      )
        continue;
      seen.add(notice.reference);
      const state =
        notice.endsAt === null || notice.endsAt > now
          ? 'open'
          : `over ${agoInWords(notice.endsAt.toISOString(), now)}`;
      events.push({
        at: notice.startsAt.toISOString(),
        kind: notice.kind,
        assetId: one.id,
        distance,
        text: `${notice.reference} on ${name}: ${notice.summary} (${state}).`,
        reference: notice.reference,
        ...(notice.url === undefined ? {} : { url: notice.url }),
      });
    }
    events.push(
      ...failureEvents(one, distance, context.onsetsOf(one.id), addressFor(one, context)).filter(({ at }) =>
        inside(new Date(at)),
      ),
    );
  }
  const told = new Set<string>();
  const once = events.filter((event) => {
    // A check that stands on several models along the way is told at the nearest one only.
    const key =
      event.check === undefined
        ? `${event.kind}|${event.text}|${event.at}`
        : `${event.kind}|${event.check}|${event.at}`;
    if (told.has(key)) return false;
    told.add(key);
    return true;
  });
  const minute = (event: ChangeEvent): number => Math.floor(new Date(event.at).getTime() / 60_000);
  return once.sort(
    (a, b) => minute(b) - minute(a) || a.distance - b.distance || a.text.localeCompare(b.text),
  );
}

function kindOf({ change }: AssetVersion): ChangeEvent['kind'] {
  if (change === 'code') return 'deploy';
  return change.startsWith('schema') ? 'schema' : 'definition';
}

/** A sentence about what was not looked at for such an answer; undefined where all was. */
export function notLookedAt(asset: Asset, from: Date, context: AnswerContext): string | undefined {
  const { around, leftOut } = lineageOfChange(asset, context);
  const cut = around.flatMap((one) => {
    const back = context.onsetsBackTo(one.asset.id);
    return back !== undefined && back > from ? [{ name: nameOf(one.asset), back }] : [];
  });
  const latest = new Date(Math.max(...cut.map(({ back }) => back.getTime()), from.getTime()));
  const named = cut.slice(0, namedAtMost).map(({ name }) => name);
  const more = cut.length - named.length;
  const sentences = [
    ...(cut.length === 0
      ? []
      : [
          `Checks before ${latest.toISOString().slice(0, 16).replace('T', ' ')} UTC were not looked at on ${named.join(', ')}${more === 0 ? '' : ` and ${more} more`}: there are too many.`,
        ]),
    ...(leftOut === 0
      ? []
      : [
          `${leftOut === 1 ? 'One thing' : `${leftOut} things`} further up ${leftOut === 1 ? 'was' : 'were'} not looked at.`,
        ]),
  ];
  return sentences.length === 0 ? undefined : sentences.join(' ');
}

const namedAtMost = 3;

const saidAtMost = 6;

/** The newest of these events in words, with how many more there are. */
export function changesText(title: string, events: readonly ChangeEvent[], from: Date): string {
  const since = from.toISOString().slice(0, 10);
  if (events.length === 0)
    return `I found nothing that touched ${title} or what it is built from since ${since}.`;
  const said = events
    .slice(0, saidAtMost)
    .map((event) => `${event.at.slice(0, 16).replace('T', ' ')} UTC, ${event.text}`);
  const older = events.length - said.length;
  return [
    `Since ${since}, ${events.length === 1 ? 'this' : `these ${events.length} things`} touched ${title} or what it is built from:`,
    ...said,
    ...(older === 0 ? [] : [`And ${older} before ${older === 1 ? 'that' : 'those'}.`]),
  ].join(' ');
}
