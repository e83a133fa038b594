import { createHash } from 'node:crypto';
import type { z } from 'zod';
import type { EndpointAuth } from '../../config/incidents-schema.js';

/** What went wrong, in the data team's words. `run`: a job or model did not run through. */
export type AlertKind = 'freshness' | 'volume' | 'schema' | 'test' | 'run' | 'other';
/** Worst first. */
export const alertSeverities = ['critical', 'error', 'warning', 'info'] as const;
export type AlertSeverity = (typeof alertSeverities)[number];

/** How the source names the asset; several may be given, the most exact that the catalog knows wins. */
export interface AssetHint {
  /** Native identifier: a dbt `unique_id`. */
  sourceId?: string;
  /** `database.schema.table`. */
  relation?: string;
  name?: string;
  /** `unique_id` of a dbt test whose model the source did not name. */
  test?: string;
}

/** One occurrence, whatever source it came from. Two deliveries of one occurrence have the same `id`. */
export interface Alert {
  id: string;
  source: string;
  endpoint: string;
  /** Same check on the same thing: equal for every occurrence of one problem. */
  fingerprint: string;
  status: 'firing' | 'resolved';
  kind: AlertKind;
  severity: AlertSeverity;
  title: string;
  description: string;
  url: string | null;
  asset: AssetHint | null;
  column: string | null;
  owners: string[];
  /** When it happened by the source's clock: grouping knows no other time. */
  at: Date;
  /** When the data went bad by the data's own timestamps, where the source knows. */
  dataSince: Date | null;
  /** Run, invocation or job run it was seen in. */
  run: string | null;
  labels: Record<string, string>;
}

/** Something that has to be fetched before the alert is complete. */
export interface AlertFollowUp {
  kind: 'dbt-cloud-artifacts';
  accountId: string;
  runId: string;
}

export interface ParsedDelivery {
  alerts: Alert[];
  /** What was left out and why: one bad entry never costs the others. */
  skipped: string[];
  followUps: AlertFollowUp[];
}

export interface ParseContext {
  endpoint: string;
  receivedAt: Date;
}

export interface SignatureCheck {
  rawBody: Uint8Array;
  headers: Readonly<Record<string, string | undefined>>;
  secret: string;
  now: Date;
  toleranceSeconds: number;
  header: string | null;
}

/** `malformed`: no usable signature in the request; `wrong`: there is one and it is not ours; `stale`: outside the tolerance. */
export type SignatureVerdict = 'ok' | 'wrong' | 'malformed' | 'stale';

export interface AlertSource {
  /** Name in the webhook's path and in steward.yml. */
  type: string;
  /** Ways this source can show who it is. */
  auth: readonly EndpointAuth['type'][];
  /** What `options` of its endpoints may hold; left out: nothing. */
  options?: z.ZodType;
  /** Why a way is missing, where that is worth saying at start. */
  authNote?: string;
  verifySignature?: (check: SignatureCheck) => SignatureVerdict;
  /** Throws `AlertBodyError` when the body as a whole is not this source's. */
  parse: (body: unknown, context: ParseContext) => ParsedDelivery;
}

/** The body is not what this source sends. The sender has had its answer, so the log is told; nothing is opened. */
export class AlertBodyError extends Error {
  readonly code = 'alert_body';
}

export interface AlertDraft extends Omit<Alert, 'id' | 'fingerprint' | 'source' | 'endpoint'> {
  /** What makes it the same problem again. */
  identity: readonly (string | null | undefined)[];
  /** Given by the source where it has one of its own. */
  fingerprint?: string;
  /** The source's own name of this occurrence, where its deliveries of one have no time in common. */
  occurrence?: string;
}

/** How far ahead of the receiver a source's clock may be before its time is not believed. */
const maxClockAheadMs = 5 * 60_000;

/** Gives the draft its fingerprint and id, and refuses to believe times in the future. */
export function finishAlert(source: string, context: ParseContext, draft: AlertDraft): Alert {
  const { identity, fingerprint, occurrence, ...rest } = draft;
  const print = fingerprint ?? digest([source, ...identity.map((part) => part ?? '')]);
  const future = draft.at.getTime() > context.receivedAt.getTime() + maxClockAheadMs;
  const at = future ? context.receivedAt : draft.at;
  return {
    ...rest,
    title: clip(draft.title, 300),
    description: clip(draft.description, 2_000),
    at,
    dataSince: draft.dataSince !== null && draft.dataSince > at ? null : draft.dataSince,
    source,
    endpoint: context.endpoint,
    fingerprint: print,
    id: digest([source, print, draft.status, occurrence ?? at.toISOString(), draft.run ?? '']),
  };
}

export function digest(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 32);
}

export function clip(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max - 1)}…`;
}
