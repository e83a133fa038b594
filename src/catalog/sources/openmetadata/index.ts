import path from 'node:path';
import { z } from 'zod';
import type { EdgeDraft, SourceSnapshot } from '../../asset.js';
import { type SourceConnector, SourceError } from '../../connector.js';
import { present } from '../../meta/meta-facts.js';
import { type ApiClient, makeApiClient, secretOf, secretSetting } from '../api-client.js';
import { readSourceFiles } from '../source-files.js';
import { type EntityContext, type EntityKind, entityAsset, kindOf } from './entities.js';
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

interface List {
  kind: EntityKind;
  path: string;
  fields: string;
}

const lists: readonly List[] = [
  { kind: 'metric', path: '/v1/metrics', fields: 'owners,tags,domains,relatedMetrics,extension' },
  { kind: 'glossaryTerm', path: '/v1/glossaryTerms', fields: 'owners,tags,domains,extension' },
  { kind: 'table', path: '/v1/tables', fields: 'owners,tags,domains,columns,extension' },
];

/** Something that was read, and what it is where its list says so. */
interface Found {
  raw: unknown;
  kind: EntityKind | undefined;
}

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
        files.flatMap((file) =>
          listed(parsed(file.text, file.path)).map((raw) => ({ raw, kind: kindOf(raw) })),
        ),
        { ...settings, warnings: [] },
        config.path ?? '',
      );
    }
    const token = secretOf(context, config.token, 'OpenMetadata');
    const client = makeApiClient(context, {
      system: 'OpenMetadata',
      url: config.url,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    });
    const found: Found[] = [];
    const warnings: string[] = [];
    let incomplete = false;
    for (const list of lists) {
      const all = await everything(client, list);
      // Metrics came with version 1.6: an older server has no such list.
      if (all === undefined) {
        warnings.push(`OpenMetadata has no ${list.path}; nothing of it was read.`);
        continue;
      }
      found.push(...all.things.map((raw) => ({ raw, kind: list.kind })));
      if (all.things.length >= all.total) continue;
      warnings.push(
        `OpenMetadata counts ${all.total} in ${list.path} and gave ${all.things.length}; the rest was not read.`,
      );
      incomplete = true;
    }
    if (config.lineage) {
      const things = found.flatMap((each) => lineageOf(each) ?? []);
      // A few at a time: a sync must not be what keeps the server busy.
      for (let start = 0; start < things.length; start += 4) {
        const some = things
          .slice(start, start + 4)
          .map((thing) => client.find(`/v1/lineage/${thing}?upstreamDepth=1&downstreamDepth=0`, z.unknown()));
        found.push(...(await Promise.all(some)).map((raw) => ({ raw, kind: undefined })));
      }
    }
    const snapshot = snapshotOf(found, { ...settings, warnings }, config.url);
    return incomplete ? { ...snapshot, incomplete } : snapshot;
  },
} satisfies SourceConnector<Config>;

/** All pages of a list, and how many the server counts there; undefined where it has no such list. */
async function everything(
  client: ApiClient,
  list: List,
): Promise<{ things: unknown[]; total: number } | undefined> {
  const things: unknown[] = [];
  let total = 0;
  const places = new Set<string>();
  let after: string | undefined;
  for (;;) {
    const query = new URLSearchParams({
      fields: list.fields,
      limit: '200',
      ...(after === undefined ? {} : { after }),
    });
    const path = `${list.path}?${query}`;
    // A list may be missing; one that breaks off must not pass for the whole.
    const page = after === undefined ? await client.find(path, Page) : await client.get(path, Page);
    if (page === undefined) return undefined;
    things.push(...page.data);
    total = page.paging?.total ?? total;
    const next = page.paging?.after ?? '';
    // a place that was given before would be read for ever
    if (next === '' || places.has(next)) return { things, total };
    places.add(next);
    after = next;
  }
}

/** Entities and lineage answers alike; which is which shows in what they have. */
function snapshotOf(
  found: readonly Found[],
  { warnings, ...settings }: EntityContext & { warnings: string[] },
  where: string,
): SourceSnapshot {
  const ids = new Map<string, string>();
  const assets = found.flatMap(({ raw, kind }) => {
    const made = entityAsset(raw, settings, kind);
    if (made === undefined) return [];
    ids.set(made.id, made.asset.sourceId);
    return [made.asset];
  });
  if (assets.length === 0)
    throw new SourceError(
      `${where} has no metrics, glossary terms or tables that may be read. ${warnings.join(' ')}`.trim(),
    );
  const edges = found.flatMap(({ raw }): EdgeDraft[] => {
    const lineage = Lineage.safeParse(raw);
    if (!lineage.success) return [];
    return lineage.data.upstreamEdges.flatMap(({ fromEntity, toEntity }) => {
      const [from, to] = [ids.get(fromEntity), ids.get(toEntity)];
      return from === undefined || to === undefined ? [] : [{ from, to, kind: 'upstream' as const }];
    });
  });
  return { assets, edges, signals: [], warnings, info: {} };
}

/** Where the lineage of a table or metric is asked for; a glossary term has none. */
function lineageOf({ raw, kind }: Found): string | undefined {
  const thing = z
    .object({ id: z.string(), deleted: z.unknown() })
    .partial({ deleted: true })
    .safeParse(raw).data;
  if (thing === undefined || thing.deleted === true || kind === 'glossaryTerm') return undefined;
  return `${kind}/${encodeURIComponent(thing.id)}`;
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
