import path from 'node:path';
import { z } from 'zod';
import type { EdgeDraft, SourceSnapshot } from '../../asset.js';
import { type SourceConnector, SourceError } from '../../connector.js';
import { present } from '../../meta/meta-facts.js';
import { type ApiClient, makeApiClient, secretOf, secretSetting } from '../api-client.js';
import { readSourceFiles } from '../source-files.js';
import { type EntityContext, entityAsset } from './entities.js';
import { Lineage, Page } from './schema.js';

const Config = z
  .strictObject({
    /** Address of the server with its base path: `https://openmetadata.example.com/api`. */
    url: z.url().optional(),
    token: secretSetting.optional(),
    /** Folder with saved answers, instead of the API. */
    path: z.string().min(1).optional(),
    /** Ask for the upstream lineage of each table and metric: one call each. */
    lineage: z.boolean().default(true),
    warehouse: z.string().min(1).optional(),
  })
  .refine((config) => (config.path === undefined) !== (config.url === undefined), 'set either path or url');
type Config = z.infer<typeof Config>;

const lists = [
  { path: '/v1/metrics', fields: 'owners,tags,domains,relatedMetrics,extension' },
  { path: '/v1/glossaryTerms', fields: 'owners,tags,domains,extension' },
  { path: '/v1/tables', fields: 'owners,tags,domains,columns,extension' },
];

/** OpenMetadata: metrics, glossary terms, tables and their lineage. */
export const openmetadata = {
  type: 'openmetadata',
  config: Config,
  fromPath: (given) => ({ path: given, lineage: true }),
  read: async (config, context) => {
    const settings = { now: context.now, ...present({ warehouse: config.warehouse }) };
    if (config.url === undefined) {
      const wanted = { pattern: /\.json$/i, what: 'saved answer of OpenMetadata (.json)' };
      const files = await readSourceFiles(
        path.resolve(context.baseDir, config.path ?? '.'),
        wanted,
        context.signal,
      );
      return snapshotOf(
        files.flatMap((file) => listed(parsed(file.text, file.path))),
        settings,
        config.path ?? '',
      );
    }
    const token = secretOf(context, config.token, 'OpenMetadata');
    const client = makeApiClient(context, {
      system: 'OpenMetadata',
      url: config.url,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    });
    const found: unknown[] = [];
    for (const list of lists) found.push(...(await everything(client, list)));
    if (config.lineage) {
      const things = found.flatMap((raw) => lineageOf(raw) ?? []);
      // A few at a time: a sync must not be what keeps the server busy.
      for (let start = 0; start < things.length; start += 4) {
        const some = things
          .slice(start, start + 4)
          .map((thing) => client.find(`/v1/lineage/${thing}?upstreamDepth=1&downstreamDepth=0`, z.unknown()));
        found.push(...(await Promise.all(some)));
      }
    }
    return snapshotOf(found, settings, config.url);
  },
} satisfies SourceConnector<Config>;

async function everything(client: ApiClient, list: { path: string; fields: string }): Promise<unknown[]> {
  const all: unknown[] = [];
  let after: string | undefined;
  do {
    const page = await client.get(list.path, Page, {
      fields: list.fields,
      limit: '200',
      ...(after === undefined ? {} : { after }),
    });
    all.push(...page.data);
    after = page.paging?.after ?? undefined;
  } while (after !== undefined);
  return all;
}

/** Entities and lineage answers alike; which is which shows in what they have. */
function snapshotOf(found: readonly unknown[], settings: EntityContext, where: string): SourceSnapshot {
  const ids = new Map<string, string>();
  const assets = found.flatMap((raw) => {
    const made = entityAsset(raw, settings);
    if (made === undefined) return [];
    ids.set(made.id, made.asset.sourceId);
    return [made.asset];
  });
  if (assets.length === 0)
    throw new SourceError(`${where} has no metrics, glossary terms or tables that may be read.`);
  const edges = found.flatMap((raw): EdgeDraft[] => {
    const lineage = Lineage.safeParse(raw);
    if (!lineage.success) return [];
    return lineage.data.upstreamEdges.flatMap(({ fromEntity, toEntity }) => {
      const [from, to] = [ids.get(fromEntity), ids.get(toEntity)];
      return from === undefined || to === undefined ? [] : [{ from, to, kind: 'upstream' as const }];
    });
  });
  return { assets, edges, signals: [], warnings: [], info: {} };
}

/** Where the lineage of a table or metric is asked for; a glossary term has none. */
function lineageOf(raw: unknown): string | undefined {
  const thing = z
    .object({ id: z.string(), columns: z.unknown(), metricExpression: z.unknown(), metricType: z.unknown() })
    .partial({ columns: true, metricExpression: true, metricType: true })
    .safeParse(raw).data;
  if (thing === undefined) return undefined;
  if (Array.isArray(thing.columns)) return `table/${thing.id}`;
  return (thing.metricExpression ?? thing.metricType) === undefined ? undefined : `metric/${thing.id}`;
}

function listed(raw: unknown): unknown[] {
  const page = Page.safeParse(raw);
  if (page.success) return page.data.data;
  return Array.isArray(raw) ? raw : [raw];
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new SourceError(`${file} is not valid JSON. Save the answer of the API again.`);
  }
}
