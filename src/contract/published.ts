import { z } from 'zod';
import { AskAnswer, BatchQuestion } from '../answers/batch.js';
import { policyFile, policyRequestInput } from '../approvals/policy/schema.js';
import { CatalogDiff } from '../catalog/diff.js';
import { LintReport } from '../catalog/lint.js';
import { CatalogList } from '../catalog/list.js';
import { stewardConfig } from '../config/steward-schema.js';
import { recordedLine, replayResult } from '../incidents/grouping/replay-file.js';
import { incidentExport } from '../incidents/report/export.js';
import { Scorecard } from '../report/scorecard.js';
import { DoctorCheck } from '../runtime/doctor/say.js';
import {
  AppManifest,
  AuditAnchorLine,
  AuditRow,
  AuditVerification,
  CatalogSearch,
  CatalogShow,
  DemoReady,
  Migration,
  PeopleCheck,
  PersonErasure,
  PolicyCheck,
  PolicyExplanation,
  ServeReady,
  SyncReport,
} from './cli-shapes.js';

/** One published shape: `docs/contract/<name>.json` is made from it. */
export interface Published {
  schema: z.ZodType;
  /** Where it is read or written, in one line. */
  what: string;
  /** `written`: what Steward writes. `read`: what it takes, before defaults and transformations. */
  direction: 'written' | 'read';
}

const written = (schema: z.ZodType, what: string): Published => ({ schema, what, direction: 'written' });
const read = (schema: z.ZodType, what: string): Published => ({ schema, what, direction: 'read' });

/** Everything others may rely on, by the name of its file. A change here that is not additive is a breaking change. */
export const published = {
  'ask-answer': written(
    AskAnswer,
    '`steward ask --json`; each line of `steward ask --batch` is the same without `events`',
  ),
  'ask-question': read(BatchQuestion, 'each line that `steward ask --batch <file>` reads'),
  'catalog-list': written(CatalogList, '`steward catalog list --json`'),
  'catalog-search': written(CatalogSearch, '`steward catalog search --json`'),
  'catalog-show': written(CatalogShow, '`steward catalog show --json`'),
  'catalog-lint': written(LintReport, '`steward catalog lint --json`'),
  'catalog-diff': written(CatalogDiff, '`steward catalog diff --json`'),
  'catalog-sync': written(SyncReport, '`steward catalog sync --json`'),
  'policy-check': written(PolicyCheck, '`steward policy check --json`'),
  'policy-explain': written(PolicyExplanation, '`steward policy explain --json`'),
  'policy-request': read(policyRequestInput, '`steward policy explain --request`, and `request` of a case'),
  'policy-file': read(policyFile, 'a policy file, named under `policies.files`'),
  'people-check': written(PeopleCheck, '`steward people check --json`'),
  'person-erase': written(PersonErasure, '`steward person erase --json`'),
  'incident-export': written(incidentExport, '`steward incident export <n> --json`'),
  'alerts-replay': written(replayResult, '`steward alerts replay --dry-run <file> --json`'),
  'alerts-replay-line': read(recordedLine, 'each line that `steward alerts replay` reads'),
  'audit-verify': written(AuditVerification, '`steward audit verify --json`'),
  'audit-anchor': read(AuditAnchorLine, 'each line that `steward audit verify --anchor <file>` looks for'),
  'audit-row': written(AuditRow, 'each line of `steward audit export --json`'),
  doctor: written(z.object({ checks: z.array(DoctorCheck) }), '`steward doctor --json`'),
  serve: written(ServeReady, '`steward serve --json`, one line when it is ready'),
  demo: written(DemoReady, '`steward demo --json`, one line when it is ready'),
  migrate: written(Migration, '`steward migrate --json`'),
  manifest: written(AppManifest, '`steward manifest --json`'),
  scorecard: written(Scorecard, '`steward report scorecard --json`'),
  'steward-schema': read(stewardConfig, '`steward.yml`'),
} satisfies Record<string, Published>;
export type PublishedName = keyof typeof published;

/** A schema as JSON Schema (draft 2020-12), as it stands in its file. What JSON Schema cannot say is left open. */
export function jsonSchemaOf(name: string, { schema, what, direction }: Published): string {
  const made = z.toJSONSchema(schema, {
    io: direction === 'read' ? 'input' : 'output',
    unrepresentable: 'any',
  });
  return `${JSON.stringify({ $id: `steward:${name}`, description: what.replaceAll('`', ''), ...made }, null, 2)}\n`;
}
