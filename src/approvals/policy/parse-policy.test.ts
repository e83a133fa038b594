import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { explain } from '../plan/explain.js';
import { checkCases, requestOfCase } from './check-cases.js';
import { comparePolicies, diffLines } from './compare-policies.js';
import { PolicyBrokenError, parsePolicy } from './parse-policy.js';
import { policyRequestInput } from './schema.js';

/** The example of docs/policies.md, so that what people copy is what runs. */
async function documentedExample(): Promise<string> {
  const page = await readFile('docs/policies.md', 'utf8');
  const example = page
    .split('```yaml')
    .map((part) => part.split('```')[0] ?? '')
    .find((part) => part.includes('version: 1'));
  if (!example) throw new Error('docs/policies.md has no example');
  return example;
}

function mistakesOf(text: string) {
  try {
    parsePolicy([{ path: 'access.yml', text }]);
  } catch (error) {
    if (error instanceof PolicyBrokenError) return error.mistakes;
    throw error;
  }
  return [];
}

describe('a policy file', () => {
  it('is read as documented and passes its own table of cases [A-policy-files]', async () => {
    const policy = parsePolicy([{ path: 'policies.md', text: await documentedExample() }]);
    expect(policy.rules.map((rule) => rule.name)).toContain('personal-data');
    expect(checkCases(policy)).toEqual(
      policy.cases.map((item) => ({ name: item.name, ok: true, differences: [] })),
    );
  });

  it('holds for labels and domains however either side writes them', () => {
    const policy = parsePolicy([
      {
        path: 'access.yml',
        text: `version: 1
rules:
  - { name: personal, kind: access, when: { classification: PII }, deny: No. }
  - { name: money, kind: access, when: { domain: finance }, deny: No. }
  - { name: harmless, kind: access, when: { notClassification: [Secret] }, autoApprove: Fine. }
`,
      },
    ]);
    const decided = (facts: Record<string, unknown>) => {
      const request = policyRequestInput.parse({ kind: 'access', level: 'read', ...facts });
      return explain(policy, requestOfCase({ name: 'it', request, expect: {} })).rule;
    };
    expect(decided({ classification: ['pii'] })).toBe('personal');
    expect(decided({ domain: 'Finance' })).toBe('money');
    expect(decided({ classification: ['secret'] })).toBeNull();
    expect(decided({ classification: ['other'] })).toBe('harmless');
  });

  it('names the line of a mistyped key', () => {
    const mistakes = mistakesOf(
      'version: 1\nrules:\n  - name: a\n    kind: access\n    autoApprove: yes please\n    stagess: []\n',
    );
    expect(mistakes).toEqual([
      { path: 'access.yml', line: 6, where: 'rules[0].stagess', message: 'unknown key "stagess"' },
    ]);
  });

  it('names the line of an approver that cannot be understood', () => {
    const mistakes = mistakesOf(
      'version: 1\nrules:\n  - name: a\n    kind: access\n    stages:\n      - name: Owner\n        from:\n          - owner\n          - { persn: a@b.co }\n',
    );
    expect(mistakes[0]?.line).toBe(9);
  });

  it('names the line where the YAML itself is broken', () => {
    const mistakes = mistakesOf('version: 1\nrules:\n  - name: "a\n');
    expect(mistakes[0]?.line).toBeGreaterThanOrEqual(3);
  });

  it('refuses a rule that both approves by itself and asks people', () => {
    const mistakes = mistakesOf(
      'version: 1\nrules:\n  - name: a\n    kind: access\n    autoApprove: fine\n    stages: [{ name: Owner, from: [owner] }]\n',
    );
    expect(mistakes.map((item) => item.message)).toEqual(['say exactly one of: deny, autoApprove, stages']);
  });

  it('refuses an escalation that would skip the only stage', () => {
    const mistakes = mistakesOf(
      'version: 1\nrules:\n  - name: a\n    kind: access\n    stages:\n      - name: Owner\n        from: [owner]\n        escalate: { after: 1d, do: skip }\n',
    );
    expect(mistakes[0]?.message).toContain('nobody would have approved');
  });

  it('refuses a second confirmation that nobody would give, and an emergency way around one', () => {
    const auto = mistakesOf(
      'version: 1\nrules:\n  - name: a\n    kind: access\n    autoApprove: fine\n    secondConfirmation: oidc\n',
    );
    expect(auto[0]).toMatchObject({
      line: 6,
      message: 'only approvals by people can be confirmed: add stages',
    });
    const around = mistakesOf(
      'version: 1\nrules:\n  - name: a\n    kind: access\n    stages: [{ name: Owner, from: [owner] }]\n    secondConfirmation: oidc\n    breakGlass: { teams: [a], levels: [read], maxMinutes: 5, review: b }\n',
    );
    expect(around[0]?.message).toContain('around the second confirmation');
  });

  it('refuses two rules of one name and a purpose that is not defined, over all files', () => {
    const one = 'version: 1\nrules:\n  - { name: a, kind: access, autoApprove: fine }\n';
    const two = 'version: 1\nrules:\n  - { name: a, kind: access, autoApprove: fine, purposes: [audit] }\n';
    expect(() =>
      parsePolicy([
        { path: '1.yml', text: one },
        { path: '2.yml', text: two },
      ]),
    ).toThrow(/2\.yml:3 rule a: this name is used twice[\s\S]*no purpose "audit" is defined/);
  });

  it('has a hash that follows its content and not its line ends', () => {
    const unix = parsePolicy([{ path: 'a', text: 'version: 1\nrules: []\n' }]).hash;
    expect(parsePolicy([{ path: 'b', text: 'version: 1\r\nrules: []\r\n' }]).hash).toBe(unix);
    expect(parsePolicy([{ path: 'a', text: 'version: 1\nrules: []\npurposes: []\n' }]).hash).not.toBe(unix);
  });
});

describe('two versions of a policy', () => {
  const rules = (body: string) =>
    parsePolicy([
      {
        path: 'p',
        text: `version: 1\nrules:\n${body}cases:\n  - { name: c, request: { kind: access, level: read, classification: [pii] }, expect: {} }\n`,
      },
    ]);
  const before = rules('  - { name: a, kind: access, autoApprove: fine }\n');
  const after = rules(
    '  - { name: p, kind: access, when: { classification: pii }, stages: [{ name: Owner, from: [owner] }] }\n  - { name: a, kind: access, autoApprove: fine }\n',
  );

  it('show whose requests they would decide differently [A-policy-changes]', () => {
    const requests = after.cases.map((item) => ({ reference: 'ACC-1', request: requestOfCase(item) }));
    expect(comparePolicies(before, after, requests)).toEqual([
      {
        reference: 'ACC-1',
        title: 'c',
        requester: null,
        state: null,
        before: 'auto-approved by a',
        after: 'stages by p (Owner: the owner)',
      },
    ]);
    expect(comparePolicies(after, after, requests)).toEqual([]);
  });

  it('differ by the lines put in and taken out', () => {
    expect(diffLines('a\nb\nc', 'a\nx\nc\nd').sort()).toEqual(['+d', '+x', '-b']);
  });
});
