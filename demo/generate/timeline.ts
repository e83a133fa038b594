import { createHash } from 'node:crypto';

/** One run of the project: what dbt calls an invocation. */
export interface Invocation {
  id: string;
  startedAt: Date;
}

/** How far back run results and freshness go, in days. */
export const historyDays = 21;

const dayMs = 86_400_000;
const minuteMs = 60_000;
const runStart = { hour: 5, minute: 40 };
/** A run is over well within this; a younger one is still running and has no results. */
const runLengthMs = 15 * minuteMs;

/** A number in [0, 1) that depends on the words alone: the demo is the same on every machine. */
export function chance(...words: (string | number)[]): number {
  return createHash('sha256').update(words.join('|')).digest().readUInt32BE(0) / 2 ** 32;
}

function uuidOf(...words: (string | number)[]): string {
  const hex = createHash('sha256').update(words.join('|')).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function startOfDay(time: Date): number {
  return Math.floor(time.getTime() / dayMs) * dayMs;
}

export function invocation(kind: string, startedAt: Date): Invocation {
  return { id: uuidOf(kind, startedAt.toISOString()), startedAt };
}

/** The nightly runs of the last three weeks that are over at `now`, oldest first. */
export function nightlyRuns(now: Date): Invocation[] {
  const today = startOfDay(now) + (runStart.hour * 60 + runStart.minute) * minuteMs;
  const latest = today + runLengthMs <= now.getTime() ? today : today - dayMs;
  return Array.from({ length: historyDays }, (_, index) =>
    invocation('build', new Date(latest - (historyDays - 1 - index) * dayMs)),
  );
}

/** The last half hour, at which freshness is checked. */
export function newestCheck(now: Date): Date {
  return new Date(Math.floor((now.getTime() - minuteMs) / (30 * minuteMs)) * 30 * minuteMs);
}

/** The freshness checks: one a day after the nightly run, and the newest, oldest first. */
export function freshnessChecks(now: Date, newest: Date): Invocation[] {
  const daily = nightlyRuns(now).map((run) =>
    invocation('freshness', new Date(run.startedAt.getTime() + 20 * minuteMs)),
  );
  return [...daily.filter((check) => check.startedAt < newest), invocation('freshness', newest)];
}

/** Whole days between two times, by calendar day in UTC. */
export function daysAgo(now: Date, time: Date): number {
  return Math.round((startOfDay(now) - startOfDay(time)) / dayMs);
}
