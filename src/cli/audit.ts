import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { csvHeader, csvLine, exportAccess } from '../access/export.js';
import { exportCampaign } from '../access/export-campaign.js';
import { csvCell } from '../audit/csv.js';
import { exportAudit } from '../audit/export.js';
import { operatorActor, recordAudit } from '../audit/record.js';
import { sealReady } from '../audit/seal.js';
import { type AuditAnchor, verifyAudit } from '../audit/verify.js';
import type { Db } from '../db/database.js';
import { NotFoundError, StartRefusedError } from '../errors.js';
import { type CliModule, UsageError, writeJson } from './cli.js';
import { withDatabase } from './with-services.js';

const anchorLine = z.object({
  sequence: z.string().regex(/^\d+$/),
  mac: z.string(),
  at: z.coerce.date().optional().catch(undefined),
});

/** Heads noted down elsewhere: JSON lines with `sequence` and `mac`, other keys and other lines ignored (the log is such a file). */
export function parseAnchors(text: string): AuditAnchor[] {
  return text.split('\n').flatMap((line) => {
    try {
      const parsed = anchorLine.safeParse(JSON.parse(line));
      return parsed.success ? [parsed.data] : [];
    } catch {
      return [];
    }
  });
}

/** A day, or a moment with its zone. `new Date` alone takes 30 February for 2 March, and many a word for some day. */
function isoMoment(text: string): Date {
  if (!z.union([z.iso.date(), z.iso.datetime({ offset: true })]).safeParse(text).success)
    throw new UsageError(`--since ${text}: write a day such as 2026-03-01.`);
  return new Date(text);
}

/** What leaves the database as a whole leaves a row there, this one included. */
function recordExport(db: Db, what: 'audit' | 'access' | 'campaign'): Promise<void> {
  return db.transaction().execute((trx) =>
    recordAudit(trx, {
      actor: operatorActor,
      action: 'audit.export',
      subject: { kind: what, id: 'export' },
      now: new Date(),
    }),
  );
}

export const auditCommands: CliModule = (program, cli) => {
  const audit = program.command('audit').description('the audit trail: verify, export');

  audit
    .command('verify')
    .description('walk the sealed chain and name the first row that was changed, removed or put in')
    .option(
      '--anchor <file>',
      'heads noted down elsewhere (JSON lines): catches a cut tail and a rewritten chain',
    )
    .option('--json', 'write JSON')
    .action(async (options: { anchor?: string; json?: boolean }) => {
      let anchors: AuditAnchor[] = [];
      if (options.anchor) {
        const text = await readFile(options.anchor, 'utf8').catch(() => null);
        if (text === null) throw new UsageError(`--anchor ${options.anchor}: cannot be read.`);
        anchors = parseAnchors(text);
        if (anchors.length === 0)
          throw new UsageError(`--anchor ${options.anchor}: holds no line with "sequence" and "mac".`);
      }
      const verdict = await withDatabase(cli, async ({ db, auditKey }) => {
        if (!auditKey)
          throw new StartRefusedError(
            'STEWARD_AUDIT_KEY: is not set; the chain cannot be checked without it.',
          );
        await sealReady(db, auditKey, new Date());
        return verifyAudit(db, auditKey, anchors);
      });
      if (options.json) writeJson(cli, verdict);
      else if (verdict.ok)
        cli.out(
          [
            `The chain holds: ${verdict.sealed} rows sealed, ${verdict.unsealed} not yet.`,
            verdict.purged
              ? `Rows up to ${verdict.purged.through} were deleted by retention; the newest of them was of ${verdict.purged.newest.slice(0, 10)}.`
              : '',
            options.anchor
              ? `${verdict.anchors.compared} anchors agree${verdict.anchors.older > 0 ? `, ${verdict.anchors.older} are of rows deleted since` : ''}.`
              : '',
            verdict.head ? `Head ${verdict.head.sequence} ${verdict.head.mac}` : '',
          ]
            .filter(Boolean)
            .join(' '),
        );
      else
        cli.out(
          `The chain is broken at row ${verdict.brokenAt?.sequence} (audit id ${verdict.brokenAt?.auditId}): ${verdict.brokenAt?.why}.`,
        );
      cli.setExit(verdict.ok ? 0 : 1);
    });

  audit
    .command('export')
    .description('every audit row, oldest first, as JSON lines or CSV')
    .option('--format <format>', 'jsonl or csv', 'jsonl')
    .option('--subject <kind>', 'only this kind of subject')
    .option('--since <date>', 'not before this day (ISO)')
    .option(
      '--access',
      'access requests as an auditor reads them: policy version, approvers, reasons, statements, probes, end',
    )
    .option(
      '--campaign <name>',
      'every grant of the recertification campaigns of this name: reviewer, last use, decision, silence',
    )
    .option('--json', 'the same as --format jsonl')
    .action(
      async (options: {
        format: string;
        subject?: string;
        since?: string;
        access?: boolean;
        campaign?: string;
        json?: boolean;
      }) => {
        const format = options.json ? 'jsonl' : options.format;
        if (format !== 'jsonl' && format !== 'csv')
          throw new UsageError(`--format ${options.format}: use jsonl or csv.`);
        const since = options.since === undefined ? undefined : isoMoment(options.since);
        const { campaign } = options;
        if (campaign !== undefined) {
          const count = await withDatabase(cli, async ({ db }) => {
            await recordExport(db, 'campaign');
            let lines = 0;
            for await (const record of exportCampaign(db, { name: campaign })) {
              if (format === 'csv' && lines === 0) cli.out(Object.keys(record).join(','));
              cli.out(
                format === 'csv' ? Object.values(record).map(csvCell).join(',') : JSON.stringify(record),
              );
              lines += 1;
            }
            return lines;
          });
          if (count === 0) throw new NotFoundError(`--campaign ${campaign}: there was no such campaign.`);
          return;
        }
        if (options.access) {
          return withDatabase(cli, async ({ db }) => {
            await recordExport(db, 'access');
            if (format === 'csv') cli.out(csvHeader);
            const period = { from: since ?? new Date(0), to: new Date(Date.now() + 366 * 86_400_000) };
            for await (const record of exportAccess(db, period))
              cli.out(format === 'csv' ? csvLine(record) : JSON.stringify(record));
          });
        }
        await withDatabase(cli, async ({ db }) => {
          await recordExport(db, 'audit');
          await exportAudit(db, {
            format,
            ...(options.subject ? { subjectKind: options.subject } : {}),
            ...(since ? { since } : {}),
            write: cli.out,
          });
        });
      },
    );
};
