import type { Metric } from '../generate/schema.js';

/** How a definition that stood in the source came to be what it is now. */
export interface PastChange {
  /** Days before the first day of the demo on which the source got the present words. */
  daysAgo: number;
  metric: string;
  /** What it said until then; the rest is as it is now. */
  before: Partial<Pick<Metric, 'description' | 'expr' | 'input_metrics'>>;
  /** Who proposed it and who agreed, in the order of the rule's stages. Absent where somebody reworded it in the source, which takes nobody's leave. */
  proposal?: { by: string; reason: string; approvers: string[] };
}

/** The day on which Brightmill's catalog was read for the first time, in days before the first day of the demo. */
export const firstReadDaysAgo = 200;
/** How long a proposal waited for the source after it was made, in days. */
export const proposedDaysBefore = 3;

const inferenceOnly = "{{ Dimension('margin_row__product_line') }} = 'inference'";

/** What changed since then, oldest first. The project on disk is the newest edition. */
export const pastChanges: readonly PastChange[] = [
  {
    daysAgo: 110,
    metric: 'mrr',
    before: {
      description:
        'Recurring platform fees of the month, less the fees of customers that have given notice. Usage is not recurring and not part of it.',
      expr: 'ending_mrr_usd - churned_mrr_usd',
    },
    proposal: {
      by: 'tomas',
      reason:
        'Fees of customers that gave notice are left out while they still pay, so the number is short of the invoices.',
      approvers: ['priya', 'jonas'],
    },
  },
  {
    daysAgo: 46,
    metric: 'gross_margin_rate',
    before: {
      description: 'Gross margin of inference as a share of its usage revenue.',
      input_metrics: [
        { name: 'revenue', filter: inferenceOnly },
        { name: 'cost_of_revenue', filter: inferenceOnly },
      ],
    },
    proposal: {
      by: 'tomas',
      reason: 'GPU rental earns half of the revenue and was left out of the rate that the board reads.',
      approvers: ['priya', 'jonas'],
    },
  },
  {
    daysAgo: 25,
    metric: 'gpu_utilisation',
    before: {
      description:
        'Share of the available GPU-hours which were sold. The first number that marketplace people look at in the morning.',
    },
  },
  {
    daysAgo: 6,
    metric: 'marketplace_take_rate',
    before: {
      description: 'What stays with us after paying suppliers, as a share of what suppliers are paid.',
      expr: '(rental_revenue - supplier_cost) / supplier_cost',
    },
    proposal: {
      by: 'dele',
      reason: 'Suppliers and the board read it as a share of rental revenue, as everybody in the trade does.',
      approvers: ['hana', 'maya'],
    },
  },
];
