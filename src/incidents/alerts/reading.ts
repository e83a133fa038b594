import { z } from 'zod';
import { AlertBodyError, type AlertKind, type AlertSeverity, type ParsedDelivery } from './alert.js';

/** A string, or a number that should have been one. */
export const text = z.union([z.string(), z.number().transform(String)]);
export const optionalText = text.nullish().transform((value) => value ?? null);

/** A list whose bad rows are dropped and counted, never failing the batch. */
export function looseList<Item>(item: z.ZodType<Item>): z.ZodType<LooseRows<Item>> {
  return z.array(z.unknown()).transform((rows) => readRows(item, rows));
}

export interface LooseRows<Item> {
  items: Item[];
  bad: number;
}

export function readRows<Item>(item: z.ZodType<Item>, rows: readonly unknown[]): LooseRows<Item> {
  const items: Item[] = [];
  for (const row of rows) {
    const parsed = item.safeParse(row);
    if (parsed.success) items.push(parsed.data);
  }
  return { items, bad: rows.length - items.length };
}

/** One object, a list of them, or a list under `key`: all read as a loose list. */
export function oneOrMany<Item>(item: z.ZodType<Item>, key: string): z.ZodType<LooseRows<Item>> {
  return z
    .union([z.array(z.unknown()), z.record(z.string(), z.unknown())])
    .transform((body) => (Array.isArray(body) ? body : Array.isArray(body[key]) ? body[key] : [body]))
    .transform((rows) => readRows(item, rows));
}

/** Parses a whole body, or says in one sentence what is wrong with it. */
export function parseBody<Output>(schema: z.ZodType<Output>, body: unknown, source: string): Output {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue === undefined || issue.path.length === 0 ? 'the body' : issue.path.join('.');
  throw new AlertBodyError(`not a ${source} body: ${where}: ${issue?.message ?? 'unreadable'}`);
}

/** A time as sources write it: ISO with or without zone (then UTC), or seconds/milliseconds since 1970. Null when there is none. */
export function readTime(value: string | number | null | undefined): Date | null {
  if (value === null || value === undefined || value === '') return null;
  if (typeof value === 'number' || /^\d{9,14}(\.\d+)?$/.test(value)) {
    const number = Number(value);
    return new Date(number < 100_000_000_000 ? number * 1000 : number);
  }
  const trimmed = value
    .trim()
    .replace(/^(\d{4}-\d\d-\d\d) (\d)/, '$1T$2')
    .replace(/ UTC$/, 'Z');
  const zoned = /(Z|[+-]\d\d:?\d\d)$/i.test(trimmed) || !trimmed.includes('T') ? trimmed : `${trimmed}Z`;
  const time = new Date(zoned);
  // Go's zero time stands for "not set" (Alertmanager, Grafana).
  return Number.isNaN(time.getTime()) || time.getUTCFullYear() < 1990 ? null : time;
}

const severities: Record<string, AlertSeverity> = {
  critical: 'critical',
  fatal: 'critical',
  page: 'critical',
  p1: 'critical',
  sev1: 'critical',
  'sev-1': 'critical',
  high: 'error',
  error: 'error',
  major: 'error',
  p2: 'error',
  sev2: 'error',
  'sev-2': 'error',
  warning: 'warning',
  warn: 'warning',
  medium: 'warning',
  p3: 'warning',
  sev3: 'warning',
  'sev-3': 'warning',
  minor: 'warning',
  info: 'info',
  low: 'info',
  p4: 'info',
  p5: 'info',
  sev4: 'info',
  'sev-4': 'info',
  none: 'info',
};

export function readSeverity(
  value: string | null | undefined,
  otherwise: AlertSeverity = 'error',
): AlertSeverity {
  return severities[(value ?? '').trim().toLowerCase()] ?? otherwise;
}

/** Guesses what kind of check it is from its name; the source's own type is asked first. */
export function readKind(words: string): AlertKind {
  const low = words.toLowerCase();
  if (/fresh|stale|late|delay|not updated|lag\b/.test(low)) return 'freshness';
  if (/volume|row.?count|row_count/.test(low)) return 'volume';
  if (/schema|column.?(added|removed|type)|breaking/.test(low)) return 'schema';
  if (/test|unique|not.?null|accepted.?values|relationship|expect_|anomal|check/.test(low)) return 'test';
  return 'other';
}

/** Statuses that mean over. Anything else that is not known as firing is skipped by the source that calls this. */
export function readStatus(value: string): 'firing' | 'resolved' | null {
  const low = value.trim().toLowerCase().replaceAll('_', ' ');
  if (
    /^(firing|alerting|alert|fail|failed|failure|error|errored|critical|warn|warning|triggered|open|opened|active|down|runtime error|problem|degraded)$/.test(
      low,
    )
  )
    return 'firing';
  if (
    /^(resolved|ok|pass|passed|success|succeeded|recovered|closed|normal|healthy|up|complete|fixed)$/.test(
      low,
    )
  )
    return 'resolved';
  return null;
}

export function delivery(parts: Partial<ParsedDelivery>): ParsedDelivery {
  return { alerts: parts.alerts ?? [], skipped: parts.skipped ?? [], followUps: parts.followUps ?? [] };
}

export function badRows(count: number, what: string): string[] {
  return count === 0
    ? []
    : [`${count} ${what} could not be read and ${count === 1 ? 'was' : 'were'} left out`];
}
