import type { Asset } from '../../src/catalog/asset.js';
import { mayKnowOf } from '../../src/catalog/visibility.js';
import type { OptionItem, OptionsHandler } from '../../src/slack/surface.js';

const kinds: readonly Asset['kind'][] = ['model', 'source', 'metric', 'exposure', 'pipeline'];
const most = 20;

/** Search of affected data in the declare form: names that begin with the words, then names that contain them. */
export const incidentAssetOptions: OptionsHandler = {
  actionId: 'incident:asset-search',
  run: async (services, caller, query) => {
    const words = query
      .trim()
      .toLowerCase()
      .replaceAll(/[\s-]+/g, '_');
    const { view } = services.catalog.current();
    // Pasted: an id, or the name the source itself uses.
    const exact = view.get(query.trim()) ?? view.bySourceId(query.trim());
    if (
      exact !== undefined &&
      kinds.includes(exact.kind) &&
      mayName(services.config, exact, caller.person.teams)
    )
      return [optionOf(exact)];
    const first: Asset[] = [];
    const later: Asset[] = [];
    for (const asset of view.assets()) {
      if (!kinds.includes(asset.kind) || !mayName(services.config, asset, caller.person.teams)) continue;
      const name = asset.name.toLowerCase();
      const label = asset.label?.toLowerCase() ?? '';
      if (name.startsWith(words) || label.startsWith(query.trim().toLowerCase())) first.push(asset);
      else if (name.includes(words) || label.includes(query.trim().toLowerCase())) later.push(asset);
      if (first.length >= most) break;
    }
    return [...first, ...later].slice(0, most).map(optionOf);
  },
};

function optionOf(asset: Asset): OptionItem {
  return {
    text: asset.label ?? asset.name,
    value: asset.id,
    description: `${asset.kind}${asset.tier === undefined ? '' : `, tier ${asset.tier}`}`,
  };
}

/** Names of hidden assets are offered to nobody who may not know them. */
function mayName(
  config: Parameters<OptionsHandler['run']>[0]['config'],
  asset: Asset,
  teams: readonly string[],
): boolean {
  return mayKnowOf(asset, { teams }, config.catalog.visibility);
}
