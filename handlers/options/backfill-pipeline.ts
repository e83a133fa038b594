import { listPipelines } from '../../src/backfills/pipelines.js';
import { maySeeOf } from '../../src/backfills/visibility.js';
import type { OptionsHandler } from '../../src/slack/surface.js';

/** What can be backfilled, for the form's search. */
export const backfillPipelineOptions: OptionsHandler = {
  actionId: 'backfill-pipeline',
  run: async (services, caller, query) =>
    listPipelines(services.catalog.current().view, query, maySeeOf(services.config, caller.person)).map(
      (asset) => ({
        text: asset.name,
        description: `by ${asset.partition.grain}, ${asset.partition.timeZone}`,
        value: asset.id,
      }),
    ),
};
