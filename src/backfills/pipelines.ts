import type { Asset, Partition } from '../catalog/asset.js';
import type { CatalogView } from '../catalog/view.js';
import { NotBackfillableError, PipelineDeprecatedError, PipelineUnknownError } from './errors.js';

/** An asset that can be rebuilt partition by partition. */
export interface PipelineAsset extends Asset {
  executor: { name: string; pipeline: string };
  partition: Partition;
}

export function isPipeline(asset: Asset): asset is PipelineAsset {
  return asset.executor !== undefined && asset.partition !== undefined;
}

/** Whether this person may know that the asset exists; false for what is hidden from them. */
export type MaySee = (asset: Asset) => boolean;

/** Everything that can be backfilled, by name, for the form's search. */
export function listPipelines(
  view: CatalogView,
  query: string,
  maySee: MaySee,
  limit = 100,
): PipelineAsset[] {
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const found: { asset: PipelineAsset; begins: boolean }[] = [];
  for (const asset of view.assets()) {
    if (!isPipeline(asset) || asset.status === 'deprecated' || !maySee(asset)) continue;
    const text =
      `${asset.name} ${asset.label ?? ''} ${asset.relation ?? ''} ${asset.executor.pipeline}`.toLowerCase();
    if (!words.every((word) => text.includes(word))) continue;
    found.push({ asset, begins: words[0] !== undefined && asset.name.toLowerCase().startsWith(words[0]) });
  }
  return found
    .sort((a, b) => Number(b.begins) - Number(a.begins) || a.asset.name.localeCompare(b.asset.name))
    .slice(0, limit)
    .map(({ asset }) => asset);
}

/** What is called so and can be rebuilt: the asset, or the pipeline as its executor knows it. Quotes around the name force nothing here. */
export function pipelineCalled(view: CatalogView, name: string, maySee: MaySee): PipelineAsset | undefined {
  const text = name.replace(/^["'“„]|["'”“]$/g, '').trim();
  const fits = (asset: Asset): asset is PipelineAsset => isPipeline(asset) && maySee(asset);
  return (
    view.resolve(text).find(fits) ??
    view
      .assets()
      .filter(fits)
      .find((asset) => asset.executor.pipeline.toLowerCase() === text.toLowerCase())
  );
}

/** The pipeline somebody named, by id, name, relation or pipeline name. Throws a sentence for anything else. */
export function findPipeline(view: CatalogView, text: string, maySee: MaySee): PipelineAsset {
  const byId = view.get(text);
  const named = byId === undefined ? view.resolve(text) : [byId];
  const byPipeline = view.assets().filter((asset) => asset.executor?.pipeline === text.trim());
  const candidates = [...new Set([...named, ...byPipeline])].filter(maySee);
  const first = candidates.find(isPipeline) ?? candidates[0];
  if (first === undefined) {
    throw new PipelineUnknownError(
      `I know no pipeline or model called “${text.trim().slice(0, 80)}”. Nothing was requested. \`/backfill request\` without a name lets you search.`,
    );
  }
  if (first.status === 'deprecated') {
    throw new PipelineDeprecatedError(
      `${first.name} is deprecated${first.successor === undefined ? '' : `; ${first.successor} takes its place`}. Nothing was requested. Ask its owner if it must be rebuilt after all.`,
    );
  }
  if (isPipeline(first)) return first;
  const upstream = view
    .upstream(first.id)
    .map(({ asset }) => asset)
    .filter((asset) => isPipeline(asset) && maySee(asset));
  throw new NotBackfillableError(
    upstream.length > 0
      ? `${first.name} is not rebuilt by a pipeline of its own. It rests on ${upstream
          .slice(0, 3)
          .map((asset) => asset.name)
          .join(', ')}: ask for one of those.`
      : `${first.name} has no executor and partitions in the catalog, so it cannot be backfilled here. Its owner can add \`executor\` and \`partition\` to its meta.`,
  );
}
