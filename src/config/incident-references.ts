import type { z } from 'zod';
import type { IncidentRule } from './incident-rule-schema.js';
import type { UpdateTemplate } from './update-template-schema.js';

interface Given {
  severities: readonly { id: string }[];
  severityByTier: Readonly<Record<string, string>>;
  severityByAlert: Readonly<Partial<Record<string, string>>>;
  updates: readonly UpdateTemplate[];
  rules: readonly IncidentRule[];
  pagers: readonly { name: string }[];
  webhooks: readonly unknown[];
}

/** What `incidents` says of severities, pagers and webhooks by name has to be there: a rule that names another never fires. */
export function checkIncidentReferences(given: Given, context: z.RefinementCtx): void {
  const report = (path: (string | number)[], message: string) =>
    context.addIssue({ code: 'custom', path, message });
  const ids = given.severities.map(({ id }) => id);
  const requireSeverity = (id: string, path: (string | number)[]) => {
    if (!ids.includes(id)) report(path, `there is no severity ${id}; there is ${ids.join(', ')}`);
  };
  for (const [index, id] of ids.entries())
    if (ids.indexOf(id) < index) report(['severities', index, 'id'], `${id} is there twice`);
  for (const [tier, id] of Object.entries(given.severityByTier))
    requireSeverity(id, ['severityByTier', tier]);
  for (const [says, id] of Object.entries(given.severityByAlert))
    if (id !== undefined) requireSeverity(id, ['severityByAlert', says]);
  for (const [index, { severity = [] }] of given.updates.entries())
    for (const id of severity) requireSeverity(id, ['updates', index, 'severity']);
  for (const [index, rule] of given.rules.entries()) {
    const path = ['rules', index];
    for (const id of [rule.when.severity ?? []].flat())
      requireSeverity(String(id), [...path, 'when', 'severity']);
    for (const [step, action] of rule.do.entries()) {
      const at = [...path, 'do', step];
      if (action.action === 'page' && action.pager !== undefined) {
        const { pager } = action;
        if (!given.pagers.some(({ name }) => name === pager))
          report([...at, 'pager'], `incidents.pagers has no ${pager}`);
      }
      if (action.action === 'webhook' && given.webhooks[action.index] === undefined)
        report([...at, 'index'], `incidents.webhooks has no entry ${action.index}; the first is 0`);
    }
  }
}
