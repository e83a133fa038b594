import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { parse as parseYaml } from 'yaml';
import type { StoredRequests } from '../approvals/approvals.js';
import { explain } from '../approvals/plan/explain.js';
import { checkCases, requestOfCase } from '../approvals/policy/check-cases.js';
import { comparePolicies, type DecidedDifferently } from '../approvals/policy/compare-policies.js';
import { type PolicySource, parsePolicy } from '../approvals/policy/parse-policy.js';
import { readPolicyFiles } from '../approvals/policy/policy-store.js';
import type { Policy } from '../approvals/policy/schema.js';
import { policyRequestInput } from '../approvals/policy/schema.js';
import { issueInWords } from '../config/issue-words.js';
import { loadConfig } from '../config/load-config.js';
import { hasDatabase } from '../runtime/open-database.js';
import { type Cli, type CliModule, UsageError, writeJson } from './cli.js';
import { withServices } from './with-services.js';

const run = promisify(execFile);

interface ReadPolicy {
  policy: Policy;
  baseDir: string;
  files: string[];
}

async function readPolicy(cli: Cli, files: string[] | undefined): Promise<ReadPolicy> {
  if (files && files.length > 0) {
    return { policy: parsePolicy(await readPolicyFiles(cli.cwd, files)), baseDir: cli.cwd, files };
  }
  const { config, baseDir } = await loadConfig(cli.environment().configFile);
  if (config.policies.files.length === 0)
    throw new UsageError('steward.yml names no policy files under policies.files.');
  return {
    policy: parsePolicy(await readPolicyFiles(baseDir, config.policies.files)),
    baseDir,
    files: config.policies.files,
  };
}

/** The same files as they were at a commit. A file that was not there then counts as empty. */
async function policyAt(revision: string, { baseDir, files }: ReadPolicy): Promise<Policy> {
  const sources: PolicySource[] = [];
  for (const file of files) {
    const relative = `./${path.relative(baseDir, path.resolve(baseDir, file))}`;
    const text = await run('git', ['-C', baseDir, 'show', `${revision}:${relative}`]).then(
      ({ stdout }) => stdout,
      () => null,
    );
    if (text !== null) sources.push({ path: file, text });
  }
  if (sources.length === 0)
    throw new UsageError(`--against ${revision}: git knows none of the policy files there.`);
  return parsePolicy(sources);
}

/** The facts of `--request`, written there or in a file. */
async function readRequest(cli: Cli, given: string): Promise<unknown> {
  const isFile = !given.trimStart().startsWith('{');
  const text = isFile
    ? await readFile(path.resolve(cli.cwd, given), 'utf8').catch(() => {
        throw new UsageError(`--request ${given}: there is no such file. Write facts as {kind: access, …}.`);
      })
    : given;
  try {
    return parseYaml(text);
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : '';
    throw new UsageError(`--request: not YAML: ${why.replace(/:$/, '')}.`);
  }
}

/** How far back `--against` asks about requests that were made, in days. */
const storedDays = 90;

/** Requests of the database, where there is one; null on files alone. */
async function readStored(cli: Cli): Promise<StoredRequests | null> {
  if (!(await hasDatabase(cli.environment()))) return null;
  return withServices(
    cli,
    ({ approvals, clock, db }) =>
      approvals.stored(db, { since: new Date(clock.now().getTime() - storedDays * 86_400_000) }),
    { people: 'stored' },
  );
}

interface Comparison {
  differences: DecidedDifferently[];
  stored: StoredRequests | null;
}

function compare(before: Policy, after: Policy, stored: StoredRequests | null): Comparison {
  const cases = after.cases.map((item) => ({ reference: item.name, request: requestOfCase(item) }));
  return { differences: comparePolicies(before, after, [...cases, ...(stored?.requests ?? [])]), stored };
}

function comparisonLines({ differences, stored }: Comparison): string[] {
  const lines = differences.map(({ reference, requester, state, title, before, after }) => {
    const whose = requester === null ? reference : `${reference} of ${requester} (${state}: ${title})`;
    return `would change: ${whose}: ${before} -> ${after}`;
  });
  if (stored === null)
    return [
      ...lines,
      'Compared the table of cases only: no database is named here (DATABASE_URL), or files were given.',
    ];
  if (stored.unreadable.length > 0)
    lines.push(`not compared, what they asked for is gone: ${stored.unreadable.join(', ')}`);
  return [
    ...lines,
    `Compared the cases and ${stored.requests.length} stored requests: those open and those of the last ${storedDays} days.`,
  ];
}

export const policyCommands: CliModule = (program, cli) => {
  const policy = program.command('policy').description('who must approve what: check, explain');

  policy
    .command('check')
    .description('read the policy files and run the table of cases beside them')
    .option('--file <file...>', 'these files instead of those steward.yml names')
    .option(
      '--against <commit>',
      `whose requests another version (HEAD~1) would decide differently: the cases and, without --file, the database's open ones and those of the last ${storedDays} days`,
    )
    .option('--json', 'write JSON')
    .action(async (options: { file?: string[]; against?: string; json?: boolean }) => {
      const read = await readPolicy(cli, options.file);
      const cases = checkCases(read.policy);
      const compared = options.against
        ? compare(
            await policyAt(options.against, read),
            read.policy,
            options.file ? null : await readStored(cli),
          )
        : undefined;
      const failed = cases.filter((item) => !item.ok);
      if (options.json) {
        writeJson(cli, {
          hash: read.policy.hash,
          rules: read.policy.rules.length,
          cases,
          ...(compared
            ? {
                differences: compared.differences,
                stored: compared.stored && {
                  requests: compared.stored.requests.length,
                  unreadable: compared.stored.unreadable,
                },
              }
            : {}),
        });
      } else {
        for (const item of cases)
          cli.out(
            `${item.ok ? 'ok  ' : 'FAIL'} ${item.name}${item.ok ? '' : `: ${item.differences.join('; ')}`}`,
          );
        if (compared) for (const line of comparisonLines(compared)) cli.out(line);
        cli.out(
          `${read.policy.rules.length} rules, ${cases.length} cases, ${failed.length} failed${compared ? `, ${compared.differences.length} decided differently` : ''}`,
        );
      }
      cli.setExit(failed.length > 0 ? 1 : 0);
    });

  policy
    .command('explain')
    .description('which rule decides a request, and why')
    .requiredOption(
      '--request <yaml|file>',
      'facts as in a case: "{kind: access, classification: [pii], level: read}", or a file with them',
    )
    .option('--file <file...>', 'these policy files instead of those steward.yml names')
    .option('--json', 'write JSON')
    .action(async (options: { request: string; file?: string[]; json?: boolean }) => {
      const parsed = policyRequestInput.safeParse(await readRequest(cli, options.request));
      if (!parsed.success) {
        const issue = parsed.error.issues[0];
        throw new UsageError(`--request: ${issue?.path.join('.') || 'the request'}: ${issueInWords(issue)}.`);
      }
      const read = await readPolicy(cli, options.file);
      const explanation = explain(
        read.policy,
        requestOfCase({ name: 'the request', request: parsed.data, expect: {} }),
      );
      if (options.json) writeJson(cli, explanation);
      else for (const line of explanation.text) cli.out(line);
    });
};
