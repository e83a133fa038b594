import { runCampaigns } from '../access/campaign.js';
import { sweepDrift } from '../access/drift.js';
import { cancelForGoneDatasets } from '../access/gone-datasets.js';
import type { RegisteredEffect } from './effect.js';
import { makeSchedule } from './schedules.js';

/** What access looks after by itself: drift hourly, recertification and datasets that are gone every ten minutes. */
export const accessSchedules: readonly RegisteredEffect[] = [
  makeSchedule({
    kind: 'access.drift',
    everyMs: 3_600_000,
    run: async (services, now) => {
      const found = await sweepDrift(services, { now, signal: AbortSignal.timeout(60_000) });
      if (found.vanished + found.foreign > 0) services.log.info(found, 'access drift');
    },
  }),
  makeSchedule({
    kind: 'access.campaigns',
    everyMs: 600_000,
    run: async (services, now) => {
      await runCampaigns(services, now);
      await cancelForGoneDatasets(services, now);
    },
  }),
];
