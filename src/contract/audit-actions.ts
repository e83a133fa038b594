import { auditActions } from '../audit/actions.js';

/** docs/contract/audit-actions.md: every word that `action` of an audit row can be. */
export function auditActionsPage(): string {
  const rows = Object.entries(auditActions).map(([action, meaning]) => `| \`${action}\` | ${meaning} |`);
  return `# What an audit row can say

Made from \`src/audit/actions.ts\`, by \`node scripts/docs.mjs\`; do not edit by hand. A row has the person (\`actor_id\`; none for policy, schedule and the operator at the
command line), the door (\`channel\`), the action, what it was done to (\`subject_kind\`, \`subject_id\`), the state before and after, and words (\`text\`). A word of this list is
never renamed; new ones may be added.

| action | what happened |
|---|---|
${rows.join('\n')}
`;
}
