import path from 'node:path';
import { z } from 'zod';
import type { EdgeDraft, SourceSnapshot } from '../../asset.js';
import { type SourceConnector, SourceError } from '../../connector.js';
import { present } from '../../meta/meta-facts.js';
import { makeApiClient, secretOf, secretSetting } from '../api-client.js';
import { readSourceFiles } from '../source-files.js';
import { entityAsset } from './entity-asset.js';
import { entityTypes, scrollQuery } from './queries.js';
import { type Entity, ScrollAnswer } from './schema.js';

const Config = z
  .strictObject({
    /** Address of the frontend or of the metadata service: `https://datahub.example.com`. */
    url: z.url().optional(),
    token: secretSetting.optional(),
    /** Folder with saved answers, instead of the API. */
    path: z.string().min(1).optional(),
    warehouse: z.string().min(1).optional(),
  })
  .refine((config) => (config.path === undefined) !== (config.url === undefined), 'set either path or url');
type Config = z.infer<typeof Config>;

/** A page more than this is a server that never ends. */
const mostPages = 2_000;

/** DataHub: datasets, glossary terms and dashboards with their lineage, by its GraphQL API. */
export const datahub = {
  type: 'datahub',
  config: Config,
  fromPath: (given) => ({ path: given }),
  read: async (config, context) => {
    const settings = { now: context.now, ...present({ warehouse: config.warehouse }) };
    if (config.url === undefined) {
      const wanted = { pattern: /\.json$/i, what: 'saved answer of DataHub (.json)' };
      const files = await readSourceFiles(
        path.resolve(context.baseDir, config.path ?? '.'),
        wanted,
        context.signal,
      );
      const pages = files.map((file) => pageOf(answerIn(file.text, file.path)));
      return snapshotOf(pages, settings, config.path ?? '');
    }
    const token = secretOf(context, config.token, 'DataHub');
    const client = makeApiClient(context, {
      system: 'DataHub',
      url: config.url,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    });
    const pages: Page[] = [];
    let scrollId: string | undefined;
    let ended = false;
    while (!ended && pages.length < mostPages) {
      const answer = await client.post(
        '/api/graphql',
        { query: scrollQuery, variables: { types: entityTypes, scrollId: scrollId ?? null } },
        ScrollAnswer,
      );
      const page = pageOf(answer);
      pages.push(page);
      scrollId = page.next;
      ended = scrollId === undefined || page.count === 0;
    }
    return snapshotOf(pages, settings, config.url, ended);
  },
} satisfies SourceConnector<Config>;

interface Page {
  entities: Entity[];
  /** Things that the page holds, those that cannot be read among them. */
  count: number;
  /** Those of them that DataHub failed to give. */
  lost: number;
  next: string | undefined;
  /** What DataHub says it could not give. */
  refusals: string[];
}

function pageOf(answer: ScrollAnswer): Page {
  const scroll = answer.data?.scrollAcrossEntities;
  if (scroll === null || scroll === undefined) {
    throw new SourceError(
      `DataHub refused the question: ${answer.errors?.[0]?.message ?? 'it gave no reason'}. Check its version and that the token may read.`,
    );
  }
  return {
    // Deleted things stay in DataHub until they are swept out.
    entities: scroll.searchResults.readable
      .map((result) => result.entity)
      .filter((entity) => entity.status.removed !== true),
    count: scroll.searchResults.count,
    lost: scroll.searchResults.lost,
    next: scroll.nextScrollId ?? undefined,
    refusals: (answer.errors ?? []).map(({ message }) => message),
  };
}

function snapshotOf(
  pages: readonly Page[],
  settings: { now: Date; warehouse?: string },
  where: string,
  ended = true,
): SourceSnapshot {
  const entities = pages.flatMap((page) => page.entities);
  // A scroll over data that changes meanwhile may give the same thing twice.
  const known = new Map(entities.map((entity) => [entity.urn, entity]));
  if (known.size === 0)
    throw new SourceError(`${where} has no datasets, glossary terms or dashboards that may be read.`);
  const edges = [...known.values()].flatMap((entity) =>
    (entity.upstream?.relationships ?? []).map(
      (relationship): EdgeDraft => ({
        from: relationship.entity.urn,
        to: entity.urn,
        kind: entity.type === 'DASHBOARD' ? 'exposes' : 'upstream',
      }),
    ),
  );
  const refusals = [...new Set(pages.flatMap((page) => page.refusals))];
  const lost = pages.some((page) => page.refusals.length > 0 && page.lost > 0);
  const warnings = [
    ...refusals.slice(0, 5).map((message) => `DataHub left something out: ${message}`),
    ...(ended ? [] : [`DataHub has more than ${pages.length} pages; the rest was not read.`]),
  ];
  return {
    assets: [...known.values()].map((entity) => entityAsset(entity, settings)),
    edges,
    signals: [],
    warnings,
    info: {},
    ...(ended && !lost ? {} : { incomplete: true as const }),
  };
}

function answerIn(text: string, file: string): ScrollAnswer {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw new SourceError(`${file} is not valid JSON. Save the answer of the API again.`);
  }
  const answer = ScrollAnswer.safeParse(content);
  if (!answer.success) throw new SourceError(`${file} is no answer of DataHub's scrollAcrossEntities.`);
  return answer.data;
}
