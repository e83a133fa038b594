import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { alertSource } from '../src/incidents/alerts/registry.js';
import { makeEmptyDatabase } from '../test/helpers/database.js';
import { type DemoArtifacts, demoArtifacts } from './generate/artifacts.js';
import { buildPipelines } from './generate/pipelines.js';
import { readProject } from './generate/project.js';
import { currentArtifacts, type Delivery, listSteps, runStoryStep, type Said } from './story.js';
import { loadWarehouse } from './warehouse/load.js';
import { withValues } from './warehouse/sql-file.js';

const now = new Date('2026-11-16T09:10:00Z');
let template: string;

async function connect(database: string): Promise<pg.Client> {
  const url = new URL(inject('postgres').adminUrl);
  url.pathname = `/${database}`;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  return client;
}

/** What a step wrote, posted and said, on a warehouse of its own. */
interface Telling {
  client: pg.Client;
  written: DemoArtifacts[];
  posted: Delivery[];
  said: Said[];
  take: (step: string, at?: Date) => Promise<string>;
}

async function tell(body: (telling: Telling) => Promise<void>): Promise<void> {
  const admin = await connect('postgres');
  const name = `story_${randomBytes(6).toString('hex')}`;
  await admin.query(`create database ${name} template ${template} strategy file_copy`);
  const client = await connect(name);
  const telling: Telling = {
    client,
    written: [],
    posted: [],
    said: [],
    take: (step, at = now) =>
      runStoryStep(step, {
        warehouse: client,
        now: at,
        writeArtifacts: async (artifacts) => void telling.written.push(artifacts),
        postWebhook: async (delivery) => void telling.posted.push(delivery),
        say: async (said) => void telling.said.push(said),
      }),
  };
  try {
    await body(telling);
  } finally {
    await client.end();
    await admin.query(`drop database ${name} with (force)`);
    await admin.end();
  }
}

const results = z.object({ results: z.array(z.object({ unique_id: z.string(), status: z.string() })) });

function notOk(artifact: unknown): string[] {
  return results
    .parse(artifact)
    .results.filter((result) => !['success', 'pass'].includes(result.status))
    .map((result) => `${result.status} ${result.unique_id}`);
}

function alertsOf(deliveries: readonly Delivery[]) {
  return deliveries.flatMap(({ source, id, body }) => {
    const parsed = alertSource(source)?.parse(body, { endpoint: id, receivedAt: now });
    expect(parsed?.skipped).toEqual([]);
    return parsed?.alerts ?? [];
  });
}

function firing(deliveries: readonly Delivery[]): string[] {
  return alertsOf(deliveries)
    .filter((alert) => alert.status === 'firing')
    .map((alert) => `${alert.kind} ${alert.asset?.sourceId ?? ''}`);
}

beforeAll(async () => {
  const made = await makeEmptyDatabase('story_base');
  template = made.name;
  const client = await connect(template);
  await loadWarehouse(client, { now, seed: 7 });
  await client.end();
});

const heartbeats = 'warn source.brightmill.marketplace.node_heartbeats';
const usage = 'model.brightmill.fct_inference_usage_daily';

describe('the story', () => {
  it('makes a source late and a tie-out fail in one step', () =>
    tell(async ({ take, written, posted }) => {
      await take('late-source');
      expect(notOk(written[0]?.sources.at(-1))).toEqual([
        'error source.brightmill.inference.inference_requests',
        heartbeats,
      ]);
      expect(notOk(written[0]?.runResults.at(-1))).toContain('fail test.brightmill.tokens_tie_to_gateway');
      expect(firing(posted)).toEqual(
        expect.arrayContaining(['freshness source.brightmill.inference.inference_requests', `test ${usage}`]),
      );
    }));

  it('makes recurring revenue miss its tie-out when billing delivers twice', () =>
    tell(async ({ take, written, posted }) => {
      await take('failing-test');
      expect(notOk(written[0]?.runResults.at(-1))).toEqual(['fail test.brightmill.mrr_ties_to_invoices']);
      expect(firing(posted)).toEqual(['test model.brightmill.fct_mrr_monthly']);
    }));

  it('corrupts three days of a mart, which its pipeline repairs', () =>
    tell(async ({ client, take, written, posted }) => {
      await take('wrong-mart');
      expect(notOk(written[0]?.runResults.at(-1))).toEqual(['fail test.brightmill.tokens_tie_to_gateway']);
      expect(firing(posted)).toEqual([`test ${usage}`]);
      const pipeline = buildPipelines(readProject()).find(
        (each) => each.name === 'fct_inference_usage_daily',
      );
      await client.query(
        withValues(pipeline?.sql ?? '', {
          partition_start: "'2026-11-12T00:00:00Z'",
          partition_end: "'2026-11-15T00:00:00Z'",
        }),
      );
      await take('nightly-run', new Date('2026-11-16T10:30:00Z'));
      expect(notOk(written[1]?.runResults.at(-1))).toEqual([]);
      const recovered = alertsOf(posted.slice(1)).filter((alert) => alert.asset?.sourceId === usage);
      expect(recovered.map((alert) => alert.status)).toEqual(['resolved']);
    }));

  it('stays wrong in later nightly runs until it is repaired', () =>
    tell(async ({ client, take }) => {
      await take('wrong-mart');
      const later = await currentArtifacts(client, new Date('2026-11-18T12:00:00Z'));
      expect(notOk(later.runResults.at(-1))).toEqual(['fail test.brightmill.tokens_tie_to_gateway']);
    }));

  it('renames a column of a contracted table in the warehouse and in the manifest', () =>
    tell(async ({ client, take, written, posted }) => {
      await take('schema-change');
      const { rows } = await client.query(
        `select column_name from information_schema.columns where table_name = 'fct_gpu_hours_daily' and column_name in ('gpu_type', 'accelerator')`,
      );
      expect(rows).toEqual([{ column_name: 'accelerator' }]);
      const nodes = z
        .object({ nodes: z.record(z.string(), z.object({ columns: z.record(z.string(), z.unknown()) })) })
        .parse(written[0]?.manifest).nodes;
      const columns = Object.keys(nodes['model.brightmill.fct_gpu_hours_daily']?.columns ?? {});
      expect(columns).toContain('accelerator');
      expect(columns).not.toContain('gpu_type');
      expect(firing(posted)).toEqual(['schema model.brightmill.fct_gpu_hours_daily']);
    }));

  it('changes the meaning of one metric and of nothing else', () =>
    tell(async ({ take, written, posted }) => {
      await take('definition-change');
      const metrics = z.object({ metrics: z.record(z.string(), z.unknown()) });
      const before = metrics.parse(demoArtifacts(now).manifest).metrics;
      const after = metrics.parse(written[0]?.manifest).metrics;
      const changed = Object.keys(after).filter(
        (id) => JSON.stringify(after[id]) !== JSON.stringify(before[id]),
      );
      expect(changed).toEqual(['metric.brightmill.cost_per_million_tokens']);
      expect(posted).toEqual([]);
    }));

  it('has somebody ask for personal data', () =>
    tell(async ({ take, said }) => {
      await take('pii-request');
      expect(said).toMatchObject([{ person: 'leo', channel: 'data-access' }]);
    }));

  it('books every payout of past months at month close, and everything still ties out', () =>
    tell(async ({ client, take, written, said }) => {
      const open = `select count(*)::integer as open from marts.fct_supplier_payouts_monthly
        where outstanding_usd > 0 and month_start < '2026-11-01'`;
      expect((await client.query<{ open: number }>(open)).rows[0]?.open).toBeGreaterThan(0);
      await take('month-close');
      expect((await client.query<{ open: number }>(open)).rows[0]?.open).toBe(0);
      expect(notOk(written[0]?.runResults.at(-1))).toEqual([]);
      expect(said).toMatchObject([{ person: 'jonas', channel: 'finance-data' }]);
    }));

  it('lets every source catch up, the one late from the first day too', () =>
    tell(async ({ take, written, posted }) => {
      await take('late-source');
      await take('failing-test');
      await take('sources-recover');
      expect(notOk(written[2]?.sources.at(-1))).toEqual([]);
      expect(notOk(written[2]?.runResults.at(-1))).toEqual([]);
      expect(firing(posted.slice(-2))).toEqual([]);
      const recovered = alertsOf(posted.slice(-2)).filter((alert) => alert.kind === 'freshness');
      expect(recovered.map((alert) => alert.status)).toEqual(['resolved', 'resolved']);
    }));

  it('remembers over a restart which steps were taken', () =>
    tell(async ({ client, take }) => {
      await take('definition-change');
      const listed = await listSteps(client);
      expect(listed.filter((step) => step.done).map((step) => step.step)).toEqual(['definition-change']);
      expect(listed.length).toBeGreaterThanOrEqual(6);
    }));

  it('changes nothing when a step fails, and says which steps there are when one is unknown', () =>
    tell(async ({ client, take, written }) => {
      await client.query('alter table raw.invoice_lines rename to invoice_lines_gone');
      await expect(take('failing-test')).rejects.toThrow('invoice_lines');
      expect((await listSteps(client)).some((step) => step.done)).toBe(false);
      expect(written).toEqual([]);
      await expect(take('nonsense')).rejects.toThrow('Take one of: late-source');
    }));
});

afterAll(async () => {
  const admin = await connect('postgres');
  await admin.query(`drop database if exists ${template} with (force)`);
  await admin.end();
});
