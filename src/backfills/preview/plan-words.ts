import type { Plan } from '../../approvals/plan/plan.js';

const mostNames = 4;

/** What policy will say to a wish: the rule that decides and whom it asks. One sentence, plain words. */
export function planWords(plan: Plan): string {
  switch (plan.outcome) {
    case 'no-rule':
      return 'no rule covers this, so it would be refused. Ask an administrator of Steward to add one, or ask for fewer partitions.';
    case 'denied':
      return `rule “${plan.rule}” refuses it: ${plan.sentence}`;
    case 'auto-approved':
      return `rule “${plan.rule}” lets it run at once, nobody has to approve it: ${plan.sentence}`;
    case 'nobody-can':
      return `rule “${plan.rule}” decides, but ${lowerFirst(plan.sentence)}`;
    case 'stages': {
      const stages = plan.stages.map(({ name, seats }) => {
        const names = [
          ...new Set(seats.flatMap(({ candidates }) => candidates.map((candidate) => candidate.name))),
        ];
        const rest = names.length - mostNames;
        return `${name} (${names.slice(0, mostNames).join(' or ')}${rest > 0 ? ` or ${rest} more` : ''})`;
      });
      return `rule “${plan.rule}” decides: it waits for ${stages.join(', then ')}.`;
    }
  }
}

function lowerFirst(sentence: string): string {
  return `${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}`;
}
