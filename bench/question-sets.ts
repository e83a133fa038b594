import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { Asset } from '../src/catalog/asset.js';
import { catalogFromArguments } from '../src/catalog/from-arguments.js';
import {
  type BenchCatalog,
  type BenchQuestion,
  cloudQuestions,
  oddNamesCatalog,
  platformCatalog,
  shopCatalog,
} from './fixture-catalogs.js';
import { projectRoot } from './project-root.js';
import { platformFamilies, variations } from './variations.js';

const line = z.object({ question: z.string(), gold: z.array(z.string()), kind: z.string() });

/** Folder of the shared corpora; absent on most machines. */
export function sharedFolder(): string {
  return process.env.STEWARD_SHARED ?? path.resolve(projectRoot(), '..', 'shared');
}

async function readAssets(folder: string, type = 'dbt-project'): Promise<readonly Asset[]> {
  const view = await catalogFromArguments([`${type}:${folder}`], {
    now: new Date(),
    signal: new AbortController().signal,
    secret: () => undefined,
    fetch: globalThis.fetch,
    baseDir: '.',
  });
  return view.assets();
}

/** Synonyms that belong to one metric alone, every n-th of them. */
export function knownAliases(assets: readonly Asset[], every: number): BenchQuestion[] {
  const owners = new Map<string, Set<string>>();
  for (const asset of assets) {
    if (asset.kind !== 'metric') continue;
    for (const synonym of asset.synonyms) {
      const key = synonym.toLowerCase();
      owners.set(key, (owners.get(key) ?? new Set()).add(asset.sourceId));
    }
  }
  const unique = [...owners].filter(([, ids]) => ids.size === 1);
  return unique.filter((_, i) => i % every === 0).map(([question, ids]) => ({ question, gold: [...ids] }));
}

/** Variations in the words of a description, and not of a name. */
const ofDescriptions = new Set(['what the description says', 'former wordings']);

/** The questions that rules make from a catalog, where they make enough to say something. */
function varied(name: string, assets: Asset[], only?: ReadonlySet<string>): BenchCatalog[] {
  return variations
    .filter((variation) => only?.has(variation.name) ?? true)
    .map((variation) => ({ name: `${name}, ${variation.name}`, assets, questions: variation.make(assets) }))
    .filter((set) => set.questions.length >= 8);
}

/** Assets of the sample company that comes with the project. */
export async function sampleCompany(): Promise<Asset[]> {
  return [...(await readAssets(path.join(projectRoot(), 'demo', 'dbt', 'target'), 'dbt-artifacts'))];
}

/** Every set that this machine can run. Sets without gold are questions that must not be answered. */
export async function questionSets(every: number): Promise<BenchCatalog[]> {
  const shop = shopCatalog();
  const platforms = platformCatalog();
  const sets: BenchCatalog[] = [
    shop,
    platforms.anyPlatform,
    platforms.named,
    {
      name: 'shop, off-topic',
      assets: shop.assets,
      questions: shop.offTopic.map((question) => ({ question, gold: [] })),
    },
  ];
  const cloud = await sampleCompany();
  const asked = cloudQuestions(cloud);
  sets.push(
    { name: 'sample company, own phrasing', assets: cloud, questions: asked.questions },
    { name: 'sample company, not in it', assets: cloud, questions: asked.unanswerable },
    oddNamesCatalog(),
    ...(['prefix', 'suffix', 'label', 'path'] as const).map((style) => platformFamilies(shop.assets, style)),
    ...varied('shop', shop.assets),
    ...varied('sample company', cloud),
  );
  const corpora = path.join(sharedFolder(), 'corpora');
  if (!existsSync(corpora)) {
    console.log(`left out: the cerebro sets (need ${corpora}, which is not on this machine)`);
    return sets;
  }
  const read = (folder: string): z.infer<typeof line>[] =>
    readFileSync(path.join(corpora, folder, 'questions.dev.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((text) => line.parse(JSON.parse(text)));
  const hidden = [...(await readAssets(path.join(corpora, 'cerebro-aliases-hidden')))];
  const deleted = [...(await readAssets(path.join(corpora, 'cerebro-deleted')))];
  const full = [...(await readAssets(path.join(corpora, 'cerebro')))];
  const tables = [
    ...(await readAssets(path.join(corpora, 'dbt-artifacts', 'big-clickhouse-v12'), 'dbt-artifacts')),
  ];
  const unanswerable = read('cerebro-deleted');
  sets.push(
    { name: 'cerebro, hidden aliases', assets: hidden, questions: read('cerebro-aliases-hidden') },
    { name: 'cerebro, known aliases', assets: full, questions: knownAliases(full, every) },
    {
      name: 'cerebro, deleted metrics',
      assets: deleted,
      questions: unanswerable.filter((one) => one.kind === 'deleted-gold'),
    },
    {
      name: 'cerebro, off-topic',
      assets: deleted,
      questions: unanswerable.filter((one) => one.kind === 'off-topic'),
    },
    ...varied('cerebro', full, ofDescriptions),
    ...varied('tables only', tables, ofDescriptions),
  );
  return sets;
}
