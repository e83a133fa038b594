import type { Db } from '../db/database.js';
import { csvCell } from './csv.js';

export interface AuditExport {
  format: 'jsonl' | 'csv';
  subjectKind?: string;
  since?: Date;
  /** Called with one line at a time. */
  write: (line: string) => void;
}

const columns = [
  'id',
  'at',
  'actor_id',
  'actor',
  'actor_kind',
  'channel',
  'action',
  'subject_kind',
  'subject_id',
  'before',
  'after',
  'text',
  'seal_seq',
  'seal_mac',
] as const;
const page = 1_000;

/** Writes audit rows oldest first, page by page, with the names and words that are not erased. */
export async function exportAudit(db: Db, params: AuditExport): Promise<number> {
  if (params.format === 'csv') params.write(columns.join(','));
  let after = '0';
  let written = 0;
  for (;;) {
    let query = db
      .selectFrom('audit')
      .leftJoin('audit_text', 'audit_text.audit_id', 'audit.id')
      .leftJoin('person', 'person.id', 'audit.actor_id')
      .select([
        'audit.id',
        'audit.at',
        'audit.actor_id',
        'person.name as actor',
        'audit.actor_kind',
        'audit.channel',
        'audit.action',
        'audit.subject_kind',
        'audit.subject_id',
        'audit.before',
        'audit.after',
        'audit_text.text',
        'audit.seal_seq',
        'audit.seal_mac',
      ])
      .where('audit.id', '>', after)
      .orderBy('audit.id')
      .limit(page);
    if (params.subjectKind) query = query.where('audit.subject_kind', '=', params.subjectKind);
    if (params.since) query = query.where('audit.at', '>=', params.since);
    const rows = await query.execute();
    for (const row of rows) {
      const record = {
        ...row,
        at: row.at.toISOString(),
        text: row.text === null ? null : (JSON.parse(row.text) as unknown),
      };
      params.write(
        params.format === 'jsonl'
          ? JSON.stringify(record)
          : columns.map((column) => csvCell(record[column])).join(','),
      );
      after = row.id;
    }
    written += rows.length;
    if (rows.length < page) return written;
  }
}
