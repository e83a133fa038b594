import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { type Asset, assetKinds } from '../src/catalog/asset.js';
import { assetId } from '../src/catalog/asset-id.js';
import { newAsset } from '../src/catalog/new-asset.js';
import { projectRoot } from './project-root.js';

/** One question with every acceptable asset; none for a question that the catalog cannot answer. */
export interface BenchQuestion {
  question: string;
  gold: string[];
}

export interface BenchCatalog {
  name: string;
  assets: Asset[];
  questions: BenchQuestion[];
}

const shopFile = z.object({
  assets: z.array(
    z.object({
      kind: z.enum(assetKinds).default('metric'),
      name: z.string(),
      label: z.string().optional(),
      desc: z.string(),
      syn: z.array(z.string()).default([]),
      dim: z.array(z.string()).default([]),
    }),
  ),
  questions: z.array(z.tuple([z.string(), z.union([z.string(), z.array(z.string())])])),
  offTopic: z.array(z.string()),
});

const platformsFile = z.object({
  platforms: z.record(z.string(), z.tuple([z.string(), z.string(), z.string()])),
  slugs: z.array(
    z.object({
      slug: z.string(),
      label: z.string(),
      on: z.array(z.string()),
      desc: z.string(),
      former: z.array(z.string()),
    }),
  ),
});

/** An asset with nothing but its name. */
export function bareAsset(sourceId: string, kind: Asset['kind'], name: string): Asset {
  return { ...newAsset({ sourceId, kind, name }, {}), id: assetId('bench', sourceId), source: 'bench' };
}

function readFixture(name: string): unknown {
  return parse(readFileSync(path.join(projectRoot(), 'bench', 'fixtures', name), 'utf8'));
}

/** A shop with 72 assets and people's own phrasing; English with a little German and Spanish, typos included. */
export function shopCatalog(): BenchCatalog & { offTopic: string[] } {
  const file = shopFile.parse(readFixture('shop.yml'));
  const assets = file.assets.map((row) => {
    const asset = bareAsset(`${row.kind}.shop.${row.name}`, row.kind, row.name);
    asset.description = row.desc;
    asset.synonyms = row.syn;
    if (row.label !== undefined) asset.label = row.label;
    if (row.kind === 'metric') asset.dimensions = row.dim;
    else
      asset.columns = row.dim.map((name) => ({
        name,
        description: '',
        tags: [],
        classification: [],
        meta: {},
      }));
    return asset;
  });
  const idOf = (name: string): string => assets.find((asset) => asset.name === name)?.sourceId ?? '';
  return {
    name: 'shop, own phrasing',
    assets,
    questions: file.questions.map(([question, gold]) => ({ question, gold: [gold].flat().map(idOf) })),
    offTopic: file.offTopic,
  };
}

const cloudFile = z.object({
  questions: z.array(z.tuple([z.string(), z.union([z.string(), z.array(z.string())])])),
  unanswerable: z.array(z.string()),
});

/** Questions of people of the sample company, over its own catalog. `unanswerable` ones share words with it and have no answer there. */
export function cloudQuestions(assets: readonly Asset[]): {
  questions: BenchQuestion[];
  unanswerable: BenchQuestion[];
} {
  const file = cloudFile.parse(readFixture('cloud.yml'));
  const idOf = (name: string): string =>
    assets.find((asset) => asset.kind === 'metric' && asset.name === name)?.sourceId ?? `missing ${name}`;
  return {
    questions: file.questions.map(([question, gold]) => ({ question, gold: [gold].flat().map(idOf) })),
    unanswerable: file.unanswerable.map((question) => ({ question, gold: [] })),
  };
}

const oddFile = z.object({
  metrics: z.array(
    z.object({ name: z.string(), label: z.string(), desc: z.string(), ask: z.array(z.string()) }),
  ),
});

/** Metrics whose names are made of small words, verbs and words that elsewhere are orders to the bot. */
export function oddNamesCatalog(): BenchCatalog {
  const { metrics } = oddFile.parse(readFixture('odd-names.yml'));
  const assets = metrics.map(({ name, label, desc }) => ({
    ...bareAsset(`metric.odd.${name}`, 'metric', name),
    label,
    description: desc,
  }));
  return {
    name: 'names of small words',
    assets,
    questions: metrics.flatMap(({ name, ask }) =>
      ask.map((question) => ({ question, gold: [`metric.odd.${name}`] })),
    ),
  };
}

/** Metrics that exist on up to five platforms. `anyPlatform`: former wordings; `named`: the same with the platform said. */
export function platformCatalog(): { assets: Asset[]; anyPlatform: BenchCatalog; named: BenchCatalog } {
  const file = platformsFile.parse(readFixture('platforms.yml'));
  const assets: Asset[] = [];
  const anyPlatform: BenchQuestion[] = [];
  const named: BenchQuestion[] = [];
  let turn = 0;
  for (const row of file.slugs) {
    const ids = row.on.map((platform) => `metric.media.${platform}__${row.slug}`);
    row.on.forEach((platform, i) => {
      const asset = bareAsset(ids[i] ?? '', 'metric', `${platform}__${row.slug}`);
      asset.label = row.label;
      asset.description = row.desc;
      asset.context = [...(file.platforms[platform] ?? [])];
      asset.path = `definitions/${platform}.yml`;
      assets.push(asset);
    });
    for (const former of row.former) {
      anyPlatform.push({ question: former, gold: ids });
      const platform = row.on[turn++ % row.on.length] ?? '';
      named.push({ question: `${former} on ${platform}`, gold: [`metric.media.${platform}__${row.slug}`] });
    }
    named.push({ question: `what is ${row.label} on ${row.on[0]}?`, gold: [ids[0] ?? ''] });
  }
  return {
    assets,
    anyPlatform: { name: 'platforms, former wordings', assets, questions: anyPlatform },
    named: { name: 'platforms, platform named', assets, questions: named },
  };
}
