import { searchDatasets } from '../../src/access/datasets.js';
import type { Services } from '../../src/services.js';
import type { Caller, OptionItem, OptionsHandler } from '../../src/slack/surface.js';

/** Datasets that this person may ask for, best match first. */
async function datasets(services: Services, caller: Caller, query: string): Promise<OptionItem[]> {
  return searchDatasets(services, caller.person, query, 50).map((asset) => ({
    text: asset.name,
    value: asset.id,
    description: asset.relation ?? asset.source,
  }));
}

export const accessOptions: readonly OptionsHandler[] = [
  { actionId: 'access:dataset', run: datasets },
  { actionId: 'access:more-datasets', run: datasets },
];
