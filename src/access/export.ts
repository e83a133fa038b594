import { csvCell } from '../audit/csv.js';
import type { Db } from '../db/database.js';
import { reference } from './lifecycle.js';

/** One access request as an auditor reads it, from asking to its probed end. */
export interface AuditRecord {
  reference: string;
  requester: string;
  beneficiary: string;
  dataset: string;
  warehouse: string;
  relation: string;
  login: string;
  level: string;
  columns: string[];
  reason: string | null;
  ticket: string | null;
  purpose: string | null;
  /** SHA-256 of the terms that were shown and accepted. */
  termsHash: string | null;
  policyVersion: string | null;
  rule: string | null;
  how: string | null;
  approvers: {
    stage: string;
    person: string;
    standingInFor: string | null;
    reason: string | null;
    at: string;
  }[];
  deniedBy: { person: string; reason: string | null; at: string } | null;
  requestedAt: string;
  approvedAt: string | null;
  activeAt: string | null;
  endsAt: string | null;
  endedAt: string | null;
  state: string;
  ended: string | null;
  endedReason: string | null;
  statements: string[];
  probes: { at: string; can: boolean | null; words: string }[];
  breakGlass: { minutes: number; reason: string; verdict: string | null } | null;
}

const pageSize = 500;

/** Every access request made in the time, oldest first, page by page: nothing is held in memory but one page. */
export async function* exportAccess(db: Db, params: { from: Date; to: Date }): AsyncGenerator<AuditRecord> {
  let after = 0;
  for (;;) {
    const rows = await db
      .selectFrom('access_request')
      .innerJoin('access_right', 'access_right.id', 'access_request.right_id')
      .innerJoin('person as requester', 'requester.id', 'access_request.requester_id')
      .innerJoin('person as beneficiary', 'beneficiary.id', 'access_request.beneficiary_id')
      .selectAll('access_request')
      .select(['access_right.warehouse', 'access_right.relation', 'access_right.login'])
      .select(['requester.name as requester_name', 'beneficiary.name as beneficiary_name'])
      .where('access_request.created_at', '>=', params.from)
      .where('access_request.created_at', '<', params.to)
      .where('access_request.number', '>', after)
      .orderBy('access_request.number')
      .limit(pageSize)
      .execute();
    for (const row of rows) yield await completeRecord(db, row);
    const last = rows.at(-1);
    if (!last || rows.length < pageSize) return;
    after = last.number;
  }
}

interface ExportRow {
  id: string;
  number: number;
  asset_name: string;
  level: string;
  columns: string[];
  state: string;
  how: string | null;
  ended_how: string | null;
  ended_reason: string | null;
  created_at: Date;
  approved_at: Date | null;
  active_at: Date | null;
  ends_at: Date | null;
  ended_at: Date | null;
  warehouse: string;
  relation: string;
  login: string;
  requester_name: string;
  beneficiary_name: string;
}

async function completeRecord(db: Db, row: ExportRow): Promise<AuditRecord> {
  const approval = await db
    .selectFrom('approval_request')
    .selectAll()
    .where('kind', '=', 'access')
    .where('subject_id', '=', row.id)
    .orderBy('opened_at', 'desc')
    .executeTakeFirst();
  const decisions = approval
    ? await db
        .selectFrom('approval_decision')
        .innerJoin('person', 'person.id', 'approval_decision.person_id')
        .innerJoin('person as principal', 'principal.id', 'approval_decision.principal_id')
        .innerJoin('approval_stage', (join) =>
          join
            .onRef('approval_stage.request_id', '=', 'approval_decision.request_id')
            .onRef('approval_stage.idx', '=', 'approval_decision.stage'),
        )
        .select(['verdict', 'reason', 'at', 'person_id', 'principal_id'])
        .select([
          'person.name as person_name',
          'principal.name as principal_name',
          'approval_stage.name as stage_name',
        ])
        .where('approval_decision.request_id', '=', approval.id)
        .orderBy('at')
        .execute()
    : [];
  const glass = approval
    ? await db
        .selectFrom('approval_break_glass')
        .select(['minutes', 'reason', 'verdict'])
        .where('request_id', '=', approval.id)
        .executeTakeFirst()
    : undefined;
  const events = await db
    .selectFrom('access_event')
    .select(['at', 'kind', 'detail'])
    .where('request_id', '=', row.id)
    .where('kind', 'in', ['granted', 'revoked'])
    .orderBy('id')
    .execute();
  const denial = decisions.find((decision) => decision.verdict === 'deny');
  const iso = (at: Date | null): string | null => at?.toISOString() ?? null;
  return {
    reference: reference(row.number),
    requester: row.requester_name,
    beneficiary: row.beneficiary_name,
    dataset: row.asset_name,
    warehouse: row.warehouse,
    relation: row.relation,
    login: row.login,
    level: row.level,
    columns: row.columns,
    reason: approval?.reason ?? null,
    ticket: approval?.ticket ?? null,
    purpose: approval?.purpose_id ?? null,
    termsHash: approval?.terms_hash ?? null,
    policyVersion: approval?.policy_hash ?? null,
    rule: approval?.rule ?? null,
    how: row.how,
    approvers: decisions
      .filter((decision) => decision.verdict === 'approve')
      .map((decision) => ({
        stage: decision.stage_name,
        person: decision.person_name,
        standingInFor: decision.person_id === decision.principal_id ? null : decision.principal_name,
        reason: decision.reason,
        at: decision.at.toISOString(),
      })),
    deniedBy: denial
      ? { person: denial.person_name, reason: denial.reason, at: denial.at.toISOString() }
      : null,
    requestedAt: row.created_at.toISOString(),
    approvedAt: iso(row.approved_at),
    activeAt: iso(row.active_at),
    endsAt: iso(row.ends_at),
    endedAt: iso(row.ended_at),
    state: row.state,
    ended: row.ended_how,
    endedReason: row.ended_reason,
    statements: events.flatMap((event) => texts(event.detail.statements)),
    probes: events.map((event) => ({
      at: event.at.toISOString(),
      can: typeof event.detail.can === 'boolean' ? event.detail.can : null,
      words: typeof event.detail.probe === 'string' ? event.detail.probe : '',
    })),
    breakGlass: glass ?? null,
  };
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

const columns = [
  'reference',
  'requester',
  'beneficiary',
  'dataset',
  'warehouse',
  'relation',
  'login',
  'level',
  'columns',
  'reason',
  'ticket',
  'purpose',
  'termsHash',
  'policyVersion',
  'rule',
  'how',
  'approvers',
  'deniedBy',
  'requestedAt',
  'approvedAt',
  'activeAt',
  'endsAt',
  'endedAt',
  'state',
  'ended',
  'endedReason',
  'statements',
  'probes',
  'breakGlass',
] as const satisfies readonly (keyof AuditRecord)[];

export const csvHeader = columns.join(',');

export function csvLine(record: AuditRecord): string {
  return columns.map((column) => csvCell(record[column])).join(',');
}
