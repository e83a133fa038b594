import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Actor, recordAudit } from '../../audit/record.js';
import type { Db, Trx } from '../../db/database.js';
import { refreshCards } from '../../jobs/outgoing.js';
import { tellOperations } from '../../notices/tell-operations.js';
import type { Services } from '../../services.js';
import { diffLines } from './compare-policies.js';
import { lineOf, PolicyBrokenError, type PolicySource, parsePolicy } from './parse-policy.js';
import type { Policy } from './schema.js';

const currentKey = 'policy.current';
const brokenKey = 'policy.broken';
const brokenCard = 'approval-policy-broken';
const parsed = new Map<string, Policy>();

export interface LoadedPolicy {
  policy: Policy;
  /** The files were used; false when they are broken and the last good policy goes on. */
  fresh: boolean;
  /** They differ from what was in force before. */
  changed: boolean;
  mistakes: PolicyBrokenError['mistakes'];
}

/** Reads the policy files that steward.yml names, relative to its folder. A file that cannot be read counts as broken. */
export async function readPolicyFiles(baseDir: string, files: readonly string[]): Promise<PolicySource[]> {
  return Promise.all(
    files.map(async (file) => {
      const text = await readFile(path.resolve(baseDir, file), 'utf8').catch(() => {
        throw new PolicyBrokenError([{ path: file, line: 1, where: '', message: 'the file cannot be read' }]);
      });
      return { path: file, text };
    }),
  );
}

/**
 * Puts the policy of these files in force, and records the change with its difference. When they are broken the last good
 * policy, kept in PostgreSQL, goes on; administrators are told once per mistake. Throws only when there never was a good one.
 */
export async function loadPolicy(
  services: Pick<Services, 'db' | 'config' | 'directory' | 'log'>,
  read: () => Promise<readonly PolicySource[]>,
  params: { actor: Actor; now: Date },
): Promise<LoadedPolicy> {
  let sources: readonly PolicySource[];
  let policy: Policy;
  try {
    sources = await read();
    policy = parsePolicy(sources);
  } catch (error) {
    if (!(error instanceof PolicyBrokenError)) throw error;
    return keepLastGood(services, error, params);
  }
  parsed.set(policy.hash, policy);
  const changed = await services.db.transaction().execute(async (trx) => {
    await mended(trx, params.now);
    const before = await currentHash(trx, true);
    if (before === policy.hash) return false;
    const previous = before === null ? null : await storedSources(trx, before);
    await trx
      .insertInto('policy_version')
      .values({
        hash: policy.hash,
        sources: JSON.stringify(sources),
        previous_hash: before,
        loaded_at: params.now,
      })
      .onConflict((conflict) => conflict.column('hash').doNothing())
      .execute();
    await writeSetting(trx, currentKey, { hash: policy.hash }, params.now);
    await recordAudit(trx, {
      actor: params.actor,
      action: 'policy.change',
      subject: { kind: 'policy', id: policy.hash.slice(0, 16) },
      now: params.now,
      before: {
        hash: before,
        rules: previous === null ? 0 : parseStored(previous, before ?? '').rules.length,
      },
      after: { hash: policy.hash, rules: policy.rules.length },
      text: {
        diff: diffLines(joined(previous ?? []), joined(sources))
          .join('\n')
          .slice(0, 100_000),
      },
    });
    return true;
  });
  return { policy, fresh: true, changed, mistakes: [] };
}

/** The files can be read again: administrators see it where they were told that they could not. */
async function mended(trx: Trx, now: Date): Promise<void> {
  const was = await trx
    .deleteFrom('setting')
    .where('key', '=', brokenKey)
    .returning('value')
    .executeTakeFirst();
  const stayed = (was?.value as { stays?: string } | undefined)?.stays;
  if (stayed !== undefined) await refreshCards(trx, { kind: brokenCard, id: stayed }, now);
}

async function keepLastGood(
  services: Pick<Services, 'db' | 'config' | 'directory' | 'log'>,
  broken: PolicyBrokenError,
  params: { actor: Actor; now: Date },
): Promise<LoadedPolicy> {
  const policy = await currentPolicy(services.db);
  services.log.warn(
    { mistakes: broken.mistakes },
    'the policy files are broken, the last good policy stays in force',
  );
  const first = broken.mistakes.map(lineOf).join('\n');
  await services.db.transaction().execute(async (trx) => {
    const known = await trx
      .selectFrom('setting')
      .select('value')
      .where('key', '=', brokenKey)
      .executeTakeFirst();
    if (known && (known.value as { mistakes?: string }).mistakes === first) return;
    await writeSetting(
      trx,
      brokenKey,
      { mistakes: first, at: params.now.toISOString(), stays: policy.hash },
      params.now,
    );
    await recordAudit(trx, {
      actor: params.actor,
      action: 'policy.broken',
      subject: { kind: 'policy', id: policy.hash.slice(0, 16) },
      now: params.now,
      after: { stays: policy.hash, mistakes: broken.mistakes.length },
      text: { mistakes: first },
    });
    await tellOperations(services, trx, {
      topic: 'policy-broken',
      key: `policy-broken:${params.now.getTime()}`,
      card: { kind: brokenCard, id: policy.hash },
      now: params.now,
    });
    // Whoever was told of an earlier mistake sees what is wrong now.
    await refreshCards(trx, { kind: brokenCard, id: policy.hash }, params.now);
  });
  return { policy, fresh: false, changed: false, mistakes: broken.mistakes };
}

/** The policy in force. Throws when none was ever loaded: without a policy nothing is granted. */
export async function currentPolicy(db: Db | Trx): Promise<Policy> {
  const hash = await currentHash(db, false);
  if (hash === null) {
    throw new PolicyBrokenError([
      { path: 'steward.yml', line: 1, where: 'policies.files', message: 'no policy was ever loaded' },
    ]);
  }
  return policyByHash(db, hash);
}

/** A policy as it was when a request was made. */
export async function policyByHash(db: Db | Trx, hash: string): Promise<Policy> {
  const known = parsed.get(hash);
  if (known) return known;
  const policy = parseStored(await storedSources(db, hash), hash);
  parsed.set(hash, policy);
  return policy;
}

/** Mistakes of the files on disk, when they are broken now. */
export async function brokenPolicy(db: Db | Trx): Promise<string | null> {
  const row = await db.selectFrom('setting').select('value').where('key', '=', brokenKey).executeTakeFirst();
  return row ? ((row.value as { mistakes?: string }).mistakes ?? '') : null;
}

async function currentHash(db: Db | Trx, lock: boolean): Promise<string | null> {
  const query = db.selectFrom('setting').select('value').where('key', '=', currentKey);
  const row = await (lock ? query.forUpdate() : query).executeTakeFirst();
  return row ? ((row.value as { hash?: string }).hash ?? null) : null;
}

async function storedSources(db: Db | Trx, hash: string): Promise<PolicySource[]> {
  const row = await db
    .selectFrom('policy_version')
    .select('sources')
    .where('hash', '=', hash)
    .executeTakeFirstOrThrow();
  return row.sources;
}

/** Older versions may miss what a newer schema asks for; then they cannot decide and that is said. */
function parseStored(sources: readonly PolicySource[], hash: string): Policy {
  return { ...parsePolicy(sources), hash };
}

async function writeSetting(trx: Trx, key: string, value: Record<string, unknown>, now: Date): Promise<void> {
  const text = JSON.stringify(value);
  await trx
    .insertInto('setting')
    .values({ key, value: text, updated_at: now })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: text, updated_at: now }))
    .execute();
}

function joined(sources: readonly PolicySource[]): string {
  return sources.map((source) => `# ${source.path}\n${source.text.trimEnd()}`).join('\n');
}
