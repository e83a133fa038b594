import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ExecutorRefusedError } from '../executor.js';
import type { PostgresExecutorConfig } from './schema.js';
import { splitSql } from './split-sql.js';

export interface SqlPipeline {
  statements: string[];
  /** `schema.table` as the script names it. */
  relation: string | null;
  column: string | null;
  dependsOnPast: boolean;
  fingerprint: string;
}

const safeName = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** Reads a pipeline's script anew, so that an edit after the preview is noticed by its fingerprint. */
export function readPipeline(config: PostgresExecutorConfig, baseDir: string, name: string): SqlPipeline {
  const entry = Object.hasOwn(config.pipelines, name) ? config.pipelines[name] : undefined;
  const script = entry?.sql ?? readScript(config, baseDir, name, entry?.file);
  const statements = splitSql(script);
  if (statements.length === 0) {
    throw new ExecutorRefusedError(
      `The pipeline ${name} of ${config.name} has no SQL. Write its script first.`,
    );
  }
  const relation = entry?.relation ?? /\binsert\s+into\s+([\w."]+)/i.exec(script)?.[1] ?? null;
  return {
    statements,
    relation,
    column: entry?.column ?? null,
    dependsOnPast: entry?.dependsOnPast ?? /^--\s*depends[- ]on[- ]past\b/im.test(script),
    fingerprint: createHash('sha256')
      .update(JSON.stringify([statements, relation, config.role ?? null]))
      .digest('hex'),
  };
}

function readScript(
  config: PostgresExecutorConfig,
  baseDir: string,
  name: string,
  file: string | undefined,
): string {
  if (file === undefined && (config.pipelinesDir === undefined || !safeName.test(name))) {
    throw new ExecutorRefusedError(
      `${config.name} knows no pipeline ${name}. Name one of its pipelines in the catalog.`,
    );
  }
  const full = path.resolve(baseDir, file ?? path.join(config.pipelinesDir ?? '', `${name}.sql`));
  try {
    return readFileSync(full, 'utf8');
  } catch {
    throw new ExecutorRefusedError(
      `${config.name} knows no pipeline ${name}: ${path.basename(full)} is not there. Add the script or correct the catalog.`,
    );
  }
}
