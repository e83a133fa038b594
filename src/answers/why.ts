import type { Asset } from '../catalog/asset.js';
import type { ChangeEvent } from './answer-types.js';
import type { AnswerContext } from './context.js';
import { changesInWords } from './history.js';
import { agoInWords, nameOf, rowsInWords } from './words.js';

const upstreamLimit = 400;

/**
 * Everything that touched an asset or its upstream lineage in a window, newest first and at the same minute nearest
 * first. Private incidents and hidden assets give nothing here. Empty when nothing was found.
 */
export function eventsOf(asset: Asset, from: Date, to: Date, context: AnswerContext): ChangeEvent[] {
  const { view, now } = context;
  const around = [
    { asset, distance: 0 },
    ...view
      .upstream(asset.id)
      .slice(0, upstreamLimit)
      .map((one) => ({ asset: one.asset, distance: one.distance })),
  ].filter((one) => context.mayName(one.asset));
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
        kind: version.change.startsWith('schema') ? 'schema' : 'definition',
        assetId: one.id,
        distance,
        text: `${name}: ${words || 'its definition changed.'}${version.decision === undefined ? '' : ` (${version.decision})`}`,
      };
      if (version.url !== undefined) event.url = version.url;
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
      });
    }
    events.push(...signalEvents(one, distance, inside, context));
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

/** Failures, told once per check: when it started to fail inside the window. */
function signalEvents(
  asset: Asset,
  distance: number,
  inside: (at: Date) => boolean,
  context: AnswerContext,
): ChangeEvent[] {
  const byCheck = new Map<string, ReturnType<typeof context.view.signals>[number][]>();
  for (const signal of context.view.signals(asset.id)) {
    const key = `${signal.type}|${signal.name}|${signal.columnName ?? ''}`;
    const list = byCheck.get(key);
    if (list) list.push(signal);
    else byCheck.set(key, [signal]);
  }
  const events: ChangeEvent[] = [];
  for (const history of byCheck.values()) {
    const oldestFirst = [...history].sort((a, b) => a.observedAt.localeCompare(b.observedAt));
    let wasBad = false;
    for (const signal of oldestFirst) {
      const late = signal.type === 'freshness' && signal.status === 'warn';
      const bad = late || signal.status === 'fail' || signal.status === 'error';
      if (bad && !wasBad && inside(new Date(signal.observedAt))) {
        const name = nameOf(asset);
        const found: Pick<ChangeEvent, 'kind' | 'text'> | undefined =
          signal.type === 'freshness'
            ? {
                kind: 'late',
                text: `${name} was ${late ? 'getting late' : 'late'}${signal.loadedAt === undefined ? '' : `: its newest data was from ${signal.loadedAt.slice(0, 16).replace('T', ' ')} UTC`}.`,
              }
            : signal.type === 'run'
              ? {
                  kind: 'failed-run',
                  text: `The run of ${name} failed${signal.message === undefined ? '' : `: ${signal.message.slice(0, 160)}`}.`,
                }
              : signal.type === 'test' || signal.type === 'tie-out'
                ? {
                    kind: 'failed-test',
                    text: `Test ${signal.name} on ${name} failed${signal.value ? ` with ${rowsInWords(signal.value)}` : ''}.`,
                  }
                : signal.type === 'volume'
                  ? {
                      kind: 'volume',
                      text: `The volume of ${name} was unusual${signal.message === undefined ? '' : `: ${signal.message.slice(0, 160)}`}.`,
                    }
                  : undefined;
        if (found)
          events.push({
            ...found,
            at: new Date(signal.observedAt).toISOString(),
            assetId: asset.id,
            distance,
            check: signal.name,
          });
      }
      wasBad = bad;
    }
  }
  return events;
}
