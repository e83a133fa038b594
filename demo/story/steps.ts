import type { Client } from 'pg';
import { lateToday, usualLagMinutes } from '../generate/planted.js';
import type { Project } from '../generate/project.js';
import { renamed } from './changed-project.js';
import { rebuild } from './observe.js';
import type { StoryState } from './state.js';

/** What a step may touch: the warehouse in a transaction, and the state that artifacts are then made from. */
export interface StepContext {
  client: Client;
  project: Project;
  now: Date;
  state: StoryState;
}

/** What a person then says in a channel. */
export interface Said {
  person: string;
  channel: string;
  text: string;
}

export interface StepOutcome {
  state: StoryState;
  /** One sentence: what happened. */
  text: string;
  /** Source tables whose freshness is posted to Steward. */
  freshnessOf?: string[];
  /** The tests are run and their results posted. */
  run?: boolean;
  schemaChange?: boolean;
  say?: Said;
}

export interface Step {
  step: string;
  title: string;
  description: string;
  take: (context: StepContext) => Promise<StepOutcome>;
}

const hourMs = 3_600_000;
const lateHours = 14;

function isoDay(now: Date, daysBack: number): string {
  return new Date(now.getTime() - daysBack * 24 * hourMs).toISOString().slice(0, 10);
}

async function lateSource({ client, now, state }: StepContext): Promise<StepOutcome> {
  const since = new Date(now.getTime() - lateHours * hourMs);
  await client.query('create table if not exists demo_story.held_requests (like raw.inference_requests)');
  await client.query(
    `with held as (delete from raw.inference_requests where requested_at > $1 returning *)
     insert into demo_story.held_requests select * from held`,
    [since],
  );
  await client.query('update raw.inference_requests set loaded_at = $1 where loaded_at > $1', [since]);
  const late = {
    ...state.late,
    inference_requests: { lagMinutes: lateHours * 60, since: now.toISOString() },
  };
  return {
    state: { ...state, late },
    text: `The gateway's stream lost the last ${lateHours} hours of calls; freshness and a tie-out fail.`,
    freshnessOf: ['inference_requests'],
    run: true,
  };
}

async function failingTest({ client, project, state }: StepContext): Promise<StepOutcome> {
  await client.query(`
    insert into raw.invoice_lines (invoice_id, line_number, product_line, amount_usd, loaded_at)
    select line.invoice_id, 4, line.product_line, line.amount_usd, line.loaded_at
    from raw.invoice_lines as line
    join raw.invoices as invoice on invoice.invoice_id = line.invoice_id
    where line.line_number = 1
      and not exists (select from raw.invoice_lines as twice where twice.invoice_id = line.invoice_id and twice.line_number = 4)
      and invoice.issued_on = (select max(issued_on) from raw.invoices)
  `);
  await rebuild(client, project, 'fct_invoices');
  return {
    state,
    text: 'Billing delivered the platform fees of the latest month twice; recurring revenue no longer ties to invoices.',
    run: true,
  };
}

async function wrongMart({ client, now, state }: StepContext): Promise<StepOutcome> {
  const days = [isoDay(now, 4), isoDay(now, 2)];
  await client.query(
    `update marts.fct_inference_usage_daily
     set tokens = tokens * 3, requests = requests * 3, successful_requests = successful_requests * 3, revenue_usd = revenue_usd * 3
     where date_day between $1::date and $2::date`,
    days,
  );
  return {
    state,
    text: `Three days of fct_inference_usage_daily (${days.join(' to ')}) count every call three times.`,
    run: true,
  };
}

async function schemaChange({ client, project, state }: StepContext): Promise<StepOutcome> {
  if (!state.columnRenamed) {
    await client.query(`alter table marts.${renamed.model} rename column ${renamed.from} to ${renamed.to}`);
  }
  const model = project.models.find((each) => each.name === renamed.model);
  return {
    state: { ...state, columnRenamed: true },
    text: `The column ${renamed.from} of ${model?.name ?? renamed.model} is now called ${renamed.to}, against its contract.`,
    schemaChange: true,
  };
}

async function definitionChange({ state }: StepContext): Promise<StepOutcome> {
  return {
    state: { ...state, definitionChanged: true },
    text: 'Cost per million tokens now holds idle reserve: a change of meaning in the source.',
  };
}

async function piiRequest({ state }: StepContext): Promise<StepOutcome> {
  return {
    state,
    text: 'Leo asks for access to the customer table, which holds personal data.',
    say: {
      person: 'leo',
      channel: 'data-access',
      text: '<@steward> I need access to dim_customers for a support case',
    },
  };
}

async function monthClose({ client, project, now, state }: StepContext): Promise<StepOutcome> {
  await client.query(
    `update raw.supplier_payouts set paid_usd = accrued_usd - disputed_usd
     where period_month < date_trunc('month', $1::timestamptz at time zone 'UTC')`,
    [now],
  );
  await rebuild(client, project, 'fct_supplier_payouts_monthly');
  return {
    state,
    text: 'Finance closed the month: all payouts are booked, and Jonas asks whether recurring revenue is safe for the board.',
    run: true,
    say: { person: 'jonas', channel: 'finance-data', text: '<@steward> is MRR safe for the board deck?' },
  };
}

async function sourcesRecover({ client, project, now, state }: StepContext): Promise<StepOutcome> {
  await client.query('create table if not exists demo_story.held_requests (like raw.inference_requests)');
  await client.query(
    `with held as (delete from demo_story.held_requests returning *)
     insert into raw.inference_requests select * from held`,
  );
  await client.query(
    `update raw.inference_requests set loaded_at = $1
     where request_id = (select max(request_id) from raw.inference_requests)`,
    [now],
  );
  await client.query('delete from raw.invoice_lines where line_number = 4');
  await rebuild(client, project, 'fct_invoices');
  const tables = [...new Set([...Object.keys(state.late), lateToday.table])];
  const since = now.toISOString();
  const late = Object.fromEntries(
    tables.map((table) => [table, { lagMinutes: usualLagMinutes[table] ?? 60, since }]),
  );
  return {
    state: { ...state, late },
    text: `Every source is on time and whole again (${tables.join(', ')}); what was delivered twice is withdrawn.`,
    freshnessOf: tables,
    run: true,
  };
}

async function nightlyRun({ state }: StepContext): Promise<StepOutcome> {
  return { state, text: 'dbt ran all tie-outs on the warehouse as it is now.', run: true };
}

/** The story, in the order in which it is best told; each step may be taken again. */
export const steps: readonly Step[] = [
  {
    step: 'late-source',
    title: 'A source falls behind',
    description: 'The inference gateway stops writing: freshness fails and a tie-out breaks. Alerts arrive.',
    take: lateSource,
  },
  {
    step: 'failing-test',
    title: 'A tie-out fails',
    description: 'Billing delivers fees twice: recurring revenue no longer ties to invoices.',
    take: failingTest,
  },
  {
    step: 'wrong-mart',
    title: 'Three days of a mart go wrong',
    description: 'Calls of three days are counted three times. A backfill repairs it.',
    take: wrongMart,
  },
  {
    step: 'schema-change',
    title: 'A contract is broken',
    description: 'A column of a contracted table is renamed without notice.',
    take: schemaChange,
  },
  {
    step: 'definition-change',
    title: 'A definition changes in the source',
    description: 'Cost per million tokens comes to mean something else.',
    take: definitionChange,
  },
  {
    step: 'pii-request',
    title: 'Somebody asks for personal data',
    description: 'Leo asks for the customer table; its owner and governance must agree.',
    take: piiRequest,
  },
  {
    step: 'month-close',
    title: 'Finance closes the month',
    description: 'Payouts are booked and the board deck is due.',
    take: monthClose,
  },
  {
    step: 'sources-recover',
    title: 'Late sources catch up',
    description: 'Lost calls arrive, double deliveries are withdrawn, and dbt runs.',
    take: sourcesRecover,
  },
  {
    step: 'nightly-run',
    title: 'dbt runs now',
    description: 'All tie-outs are run on the warehouse as it is, after a backfill for example.',
    take: nightlyRun,
  },
];
