import { checkCases } from '../../approvals/policy/check-cases.js';
import { lineOf, PolicyBrokenError, parsePolicy } from '../../approvals/policy/parse-policy.js';
import { readPolicyFiles } from '../../approvals/policy/policy-store.js';
import type { LoadedConfig } from '../../config/load-config.js';
import { reasonOf, type Say } from './say.js';

/** Whether the files can be used, and decide their own table of cases as it says. */
export async function checkPolicies(loaded: LoadedConfig, say: Say): Promise<void> {
  const { files } = loaded.config.policies;
  if (files.length === 0)
    return say(
      'Policies',
      'warning',
      'none: every request for access or a backfill will be refused',
      'name files under policies.files',
    );
  try {
    const policy = parsePolicy(await readPolicyFiles(loaded.baseDir, files));
    const failed = checkCases(policy).filter((item) => !item.ok);
    if (failed.length > 0)
      say(
        'Policies',
        'error',
        `${failed.length} cases are decided differently: ${failed[0]?.name}`,
        '`steward policy check` shows them',
      );
    else say('Policies', 'ok', `${policy.rules.length} rules, ${policy.cases.length} cases pass`);
  } catch (error) {
    const problems = error instanceof PolicyBrokenError ? error.mistakes.map(lineOf) : [reasonOf(error)];
    for (const problem of problems.slice(0, 10))
      say('Policies', 'error', problem, 'correct the line; the last good policy stays in force meanwhile');
  }
}
